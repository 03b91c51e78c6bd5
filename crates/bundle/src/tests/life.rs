//! A session's life, as the machine itself decides it, and the bundle that becomes of it.

use std::io::{Cursor, Write};

use domain::{
    sealed::Sealed,
    session::{
        Command, Effect, Fact, Moment, Policy, PrivateFact, Profile, Prompt, State, decide, hash_secret,
    },
};
use protocol::{
    ApiKeyId, ArtifactId, OrgId, PromptId, SessionId, Timestamp, UserId,
    agent::{Dialect, ModelBinding},
    event::MessageText,
    keeper::{Enforcement, Isolation, IsolationLevel, Limits},
    runner::{RunnerReport, TurnOutcome},
    session::{Attachment, Author, PermissionMode, PromptMode, SessionStatus},
};

use crate::{
    About, ArtifactMeta, Counts, FORMAT, HOME, Hashing, LOG, Line, Manifest, Member, Origin, Packer,
    WORKSPACE, artifact_member, write,
};

pub(super) const SECRET: &str = "the runner's own secret";
pub(super) const SEALED: &str = "c2VhbGVk";
pub(super) const ARTIFACT: &[u8] = b"<html>a report</html>";

pub(super) fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(ms)
}

pub(super) fn author(n: u128, name: Option<&str>) -> Author {
    Author {
        user_id: UserId::from_bits(n),
        api_key_id: Some(ApiKeyId::from_bits(n)),
        name: name.map(str::to_owned),
    }
}

pub(super) fn binding() -> ModelBinding {
    ModelBinding {
        dialect: Dialect::OpenaiChat,
        context: 1,
        max_output: 1,
    }
}

fn prompt(n: u128) -> Prompt {
    Prompt {
        id: PromptId::from_bits(n),
        text: format!("prompt {n}").as_str().into(),
        attachments: vec![Attachment {
            name: "a.txt".into(),
            media_type: "text/plain".into(),
            data: "aGVsbG8=".into(),
        }]
        .into(),
        author: author(7, None),
        model: "a/b".into(),
        binding: binding(),
        queued_at: at(0),
        queued_seq: 0,
        mode: PromptMode::Queue,
    }
}

/// What a log has of one fact.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) seq: Option<u64>,
    pub(super) at: Timestamp,
    pub(super) fact: Fact,
}

#[derive(Default)]
pub(super) struct Life {
    pub(super) state: State,
    pub(super) log: Vec<Stored>,
    effects: Vec<Effect>,
    now: i64,
}

impl Life {
    pub(super) fn give(&mut self, command: Command) {
        self.now += 1_000;
        let seed = [u8::try_from(self.now / 1_000).unwrap(); 32];
        let decision = decide(
            &self.state,
            command,
            Moment::new(at(self.now), seed),
            &Policy::default(),
        )
        .unwrap();
        let mut seq = self.state.head;
        for fact in decision.facts {
            seq += u64::from(fact.is_public());
            self.log.push(Stored {
                seq: fact.is_public().then_some(seq),
                at: at(self.now),
                fact,
            });
        }
        self.state = decision.next;
        self.effects = decision.effects;
    }

    fn report(&mut self, n: u64, prompt_id: Option<PromptId>, report: RunnerReport) {
        self.give(Command::RunnerReport {
            generation: 1,
            n,
            prompt_id,
            report: Box::new(report),
        });
    }

    /// One prompt answered, sandbox still there.
    pub(super) fn working() -> Self {
        let mut life = Self::default();
        life.give(Command::Create(
            Box::new(Profile {
                id: SessionId::from_bits(1),
                org: OrgId::from_bits(2),
                created_by: author(3, Some("ana@example.org")),
                created_at: at(1),
                agent: "opencode".into(),
                model: "a/b".into(),
                binding: binding(),
                permissions: PermissionMode::Allow,
                title: Some("A title".into()),
                repository: None,
                environment_id: Some(protocol::EnvironmentId::from_bits(4)),
                setup: vec!["make".into()],
                git_token: Some(Sealed {
                    version: 1,
                    key_id: "k".into(),
                    data: SEALED.into(),
                }),
            }),
            Some(Box::new(prompt(1))),
        ));
        let started = life.effects.iter().find_map(|effect| match effect {
            Effect::StartSandbox { token, .. } => Some(token.clone()),
            _ => None,
        });
        let token = started.unwrap();
        life.give(Command::SandboxStarted {
            generation: 1,
            isolation: isolation(),
            expiry: None,
        });
        life.give(Command::RunnerHello {
            generation: 1,
            credential_hash: hash_secret(&token),
            secret_hash: hash_secret(SECRET),
            runner_version: "1".into(),
        });
        life.report(
            1,
            None,
            RunnerReport::Ready {
                agent: "opencode".into(),
                version: "1".into(),
                agent_session_id: "conversation".into(),
                resumed: false,
                elapsed_ms: 1,
            },
        );
        let running = Some(PromptId::from_bits(1));
        let text = MessageText {
            message_id: "m".into(),
            part_id: "p".into(),
            text: "done".into(),
        };
        life.report(2, running, RunnerReport::Event { event: text.into() });
        life.report(
            3,
            running,
            RunnerReport::TurnEnded {
                outcome: TurnOutcome::Completed { tokens: None },
            },
        );
        life
    }

    /// The same, hibernated.
    pub(super) fn resting() -> Self {
        let mut life = Self::working();
        life.give(Command::Hibernate {
            by: author(3, Some("ana@example.org")),
        });
        life.give(Command::SandboxStopped { generation: 1 });
        assert!(life.state.sandbox.is_none());
        life
    }

    pub(super) fn lines(&self) -> Vec<Line> {
        let stored = self.log.iter().zip(1..);
        stored
            .map(|(stored, position)| {
                let (kind, body) = (stored.fact.kind(), stored.fact.body().unwrap());
                Line::of_stored(
                    position,
                    stored.seq,
                    stored.at,
                    stored.fact.prompt_id(),
                    kind,
                    &body,
                )
                .unwrap()
            })
            .collect()
    }

    /// The private facts of a kind.
    pub(super) fn private(&self, which: impl Fn(&PrivateFact) -> bool) -> usize {
        let private = |stored: &&Stored| matches!(&stored.fact, Fact::Private(fact) if which(fact));
        self.log.iter().filter(private).count()
    }
}

fn isolation() -> Isolation {
    Isolation {
        level: IsolationLevel::Full,
        namespaces: Vec::new(),
        landlock_abi: None,
        seccomp: true,
        host_uid: 1,
        limits_backend: "cgroup2".into(),
        limits: Limits {
            memory_bytes: 1,
            pids: 1,
            cpu_milli: 1,
            disk_bytes: 1,
            tmp_bytes: 1,
        },
        memory: Enforcement::Hard,
        pids: Enforcement::Hard,
        cpu: Enforcement::Hard,
        disk: Enforcement::Hard,
        notes: Vec::new(),
    }
}

/// A bundle and its parts, so that tests can make wrong ones.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) manifest: Manifest,
    /// By their hash.
    pub(super) contents: Vec<(String, Vec<u8>)>,
}

pub(super) fn packed(name: &str, content: &[u8]) -> (Member, Vec<u8>) {
    let mut packer = Packer::new(Vec::new());
    packer.write_all(content).unwrap();
    packer.finish(name).unwrap()
}

pub(super) fn plain(content: &[u8]) -> (Member, Vec<u8>) {
    let id = ArtifactId::from_bits(9);
    let mut hashing = Hashing::new(Vec::new());
    hashing.write_all(content).unwrap();
    let (member, bytes) = hashing.finish(&artifact_member(id));
    let artifact = Some(ArtifactMeta {
        id,
        name: "report.html".into(),
        media_type: "text/html".into(),
    });
    (Member { artifact, ..member }, bytes)
}

impl Made {
    pub(super) fn of(lines: &[Line]) -> Self {
        let mut log = Vec::new();
        for line in lines {
            line.write(&mut log).unwrap();
        }
        let mut made = Self {
            manifest: Manifest {
                format: FORMAT,
                made_at: at(5),
                made_by: "test".into(),
                origin: Origin {
                    installation: "https://a.example.org".into(),
                    org: OrgId::from_bits(2),
                    session: SessionId::from_bits(1),
                },
                session: About {
                    title: Some("A title".into()),
                    agent: "opencode".into(),
                    model: "a/b".into(),
                    status: SessionStatus::Hibernated,
                    repository: None,
                    created_at: at(1),
                    created_by: author(3, None),
                },
                counts: Counts {
                    facts: lines.len() as u64,
                    artifacts: 1,
                    ..Counts::default()
                },
                members: Vec::new(),
            },
            contents: Vec::new(),
        };
        let incompressible: Vec<u8> = (0..40_000_u32)
            .map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap())
            .collect();
        for (member, bytes) in [
            packed(LOG, &log),
            packed(HOME, &incompressible),
            packed(WORKSPACE, &vec![b'w'; 3_000]),
            plain(ARTIFACT),
        ] {
            made.contents.push((member.sha256.clone(), bytes));
            made.manifest.members.push(member);
        }
        made
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let open = |member: &Member| {
            let found = self.contents.iter().find(|(hash, _)| *hash == member.sha256);
            Ok(Cursor::new(
                found.map(|(_, bytes)| bytes.clone()).unwrap_or_default(),
            ))
        };
        write(&self.manifest, open, &mut out).unwrap();
        out
    }
}
