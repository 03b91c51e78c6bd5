//! A small world around the machine: a clock, a log, and shorthand for commands.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use protocol::{
    ApiKeyId, CommandId, EventBody, OrgId, PromptId, SessionId, Timestamp, UserId,
    agent::{Dialect, ModelBinding},
    event::MessageText,
    keeper::{Enforcement, Isolation, IsolationLevel, Limits},
    runner::{RunnerReport, TurnOutcome},
    session::{Author, PermissionMode, PromptMode, Repository, SessionStatus},
};

use crate::session::{
    Command, Decision, Effect, Fact, Moment, OwedCommand, Phase, Places, Policy, Profile, Prompt, Refusal,
    Reply, State, Trigger, decide, hash_secret, status, table::Step,
};

pub(super) const SECRET: &str = "the runner's own secret";

pub(super) struct World {
    pub(super) state: State,
    pub(super) log: Vec<(Timestamp, Fact)>,
    pub(super) now: Timestamp,
    pub(super) policy: Policy,
    pub(super) effects: Vec<Effect>,
    /// What led where, if somebody wants to know.
    pub(super) sights: Option<Vec<Sight>>,
    places: BTreeMap<PromptId, &'static str>,
    seed: u64,
}

/// One step of a decision with everything that came of it.
#[derive(Debug, Clone)]
pub(super) struct Sight {
    pub(super) trigger: Trigger,
    pub(super) from: Places,
    pub(super) to: Places,
    /// From where to where prompts went.
    pub(super) prompts: Vec<(&'static str, &'static str)>,
    pub(super) facts: BTreeSet<String>,
    /// Of the whole decision so far: what has been called for is not called for twice.
    pub(super) effects: BTreeSet<&'static str>,
    /// Of this step alone.
    pub(super) called: BTreeSet<&'static str>,
}

impl World {
    /// A session without a repository: no sandbox until the first prompt.
    pub(super) fn new() -> Self {
        let mut world = Self::empty();
        world
            .give(Command::Create(Box::new(profile(None)), None))
            .unwrap();
        world
    }

    pub(super) fn with_repository() -> Self {
        let mut world = Self::empty();
        world
            .give(Command::Create(Box::new(profile(Some(repository()))), None))
            .unwrap();
        world
    }

    /// Made together with its first prompt.
    pub(super) fn with_prompt(text: &str) -> Self {
        let mut world = Self::empty();
        let first = Prompt {
            text: text.into(),
            ..prompt(PromptId::from_bits(1))
        };
        world
            .give(Command::Create(Box::new(profile(None)), Some(Box::new(first))))
            .unwrap();
        world
    }

    pub(super) fn empty() -> Self {
        Self {
            state: State::default(),
            log: Vec::new(),
            now: Timestamp::from_ms(1_000_000),
            policy: Policy::default(),
            effects: Vec::new(),
            sights: None,
            places: BTreeMap::new(),
            seed: 0,
        }
    }

    /// Gives a command; what was decided is committed at once.
    pub(super) fn give(&mut self, command: Command) -> Result<Reply, Refusal> {
        self.seed += 1;
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seed.to_be_bytes());
        let Decision {
            facts,
            effects,
            next,
            reply,
            steps,
            ..
        } = decide(&self.state, command, Moment::new(self.now, seed), &self.policy)?;
        self.look(&steps, &facts, &effects);
        self.log.extend(facts.into_iter().map(|fact| (self.now, fact)));
        self.effects.extend(effects);
        self.state = next;
        Ok(reply)
    }

    fn look(&mut self, steps: &[Step], facts: &[Fact], effects: &[Effect]) {
        let Some(sights) = &mut self.sights else { return };
        let mut from = Places::of(&self.state);
        let (mut done, mut called) = (0, 0);
        for step in steps {
            let mut prompts = Vec::new();
            let mut kinds = BTreeSet::new();
            for fact in &facts[done..step.facts] {
                kinds.insert(kind(fact));
                if let (Some(id), Some(to)) = (fact.prompt_id(), prompt_place(fact)) {
                    prompts.push((self.places.insert(id, to).unwrap_or("none"), to));
                }
            }
            done = step.facts;
            sights.push(Sight {
                trigger: step.trigger,
                from,
                to: step.places,
                prompts,
                facts: kinds,
                effects: effects[..step.effects].iter().map(Effect::word).collect(),
                called: effects[called..step.effects].iter().map(Effect::word).collect(),
            });
            called = step.effects;
            from = step.places;
        }
    }

    pub(super) fn prompt(&mut self, n: u128) -> PromptId {
        let id = PromptId::from_bits(n);
        let prompt = prompt(id);
        self.give(Command::Enqueue(Box::new(prompt))).unwrap();
        id
    }

    pub(super) fn pass(&mut self, span: std::time::Duration) {
        self.now = self.now.after(span);
        self.give(Command::AlarmDue {
            link_seen: None,
            preview_seen: None,
        })
        .unwrap();
    }

    /// The one-time token that the last start was given.
    pub(super) fn token(&self) -> String {
        self.effects
            .iter()
            .rev()
            .find_map(|effect| match effect {
                Effect::StartSandbox { token, .. } => Some(token.clone()),
                _ => None,
            })
            .unwrap()
    }

    pub(super) fn hello(&mut self) -> Result<Reply, Refusal> {
        let generation = self.state.generation;
        let token = self.token();
        self.give(Command::RunnerHello {
            generation,
            credential_hash: hash_secret(&token),
            secret_hash: hash_secret(SECRET),
            runner_version: "1".into(),
        })
    }

    pub(super) fn report(
        &mut self,
        prompt_id: Option<PromptId>,
        report: RunnerReport,
    ) -> Result<Reply, Refusal> {
        let generation = self.state.generation;
        let n = self.state.sandbox.as_ref().map_or(1, |sandbox| sandbox.acked + 1);
        self.give(Command::RunnerReport {
            generation,
            n,
            prompt_id,
            report: Box::new(report),
        })
    }

    pub(super) fn ready(&mut self) {
        self.hello().unwrap();
        let ready = RunnerReport::Ready {
            agent: "scripted".into(),
            version: "1".into(),
            agent_session_id: "conversation".into(),
            resumed: false,
            elapsed_ms: 1,
        };
        self.report(None, ready).unwrap();
    }

    pub(super) fn text(&mut self, prompt_id: PromptId, text: &str) {
        let event = MessageText {
            message_id: "m".into(),
            part_id: "p".into(),
            text: text.into(),
        }
        .into();
        self.report(Some(prompt_id), RunnerReport::Event { event })
            .unwrap();
    }

    pub(super) fn complete(&mut self, prompt_id: PromptId) {
        let outcome = TurnOutcome::Completed { tokens: None };
        self.report(Some(prompt_id), RunnerReport::TurnEnded { outcome })
            .unwrap();
    }

    pub(super) fn status(&self) -> SessionStatus {
        status(&self.state)
    }

    pub(super) fn phase(&self) -> Option<Phase> {
        self.state.sandbox.as_ref().map(|sandbox| sandbox.phase)
    }

    pub(super) fn events(&self) -> impl Iterator<Item = &EventBody> {
        self.log.iter().filter_map(|(_, fact)| match fact {
            Fact::Event { body, .. } => Some(body),
            Fact::Private(_) => None,
        })
    }

    pub(super) fn kinds(&self) -> Vec<&str> {
        self.events().map(EventBody::kind).collect()
    }

    pub(super) fn owed(&self) -> Vec<(CommandId, OwedCommand)> {
        self.state.owed.clone()
    }

    pub(super) fn forget_effects(&mut self) {
        self.effects.clear();
    }
}

fn prompt_place(fact: &Fact) -> Option<&'static str> {
    match fact {
        Fact::Event { body, .. } => match body {
            EventBody::PromptQueued(_) => Some("queued"),
            EventBody::PromptStarted(_) => Some("running"),
            EventBody::PromptCompleted(_) => Some("completed"),
            EventBody::PromptFailed(_) => Some("failed"),
            EventBody::PromptCancelled(_) => Some("cancelled"),
            _ => None,
        },
        Fact::Private(_) => None,
    }
}

/// An event's type, a private fact's own word.
fn kind(fact: &Fact) -> String {
    match fact {
        Fact::Event { .. } => fact.kind().to_owned(),
        Fact::Private(fact) => {
            let stored = serde_json::to_value(fact).unwrap();
            stored["kind"].as_str().unwrap().to_owned()
        }
    }
}

pub(super) fn author() -> Author {
    Author {
        user_id: UserId::from_bits(7),
        api_key_id: Some(ApiKeyId::from_bits(8)),
        name: None,
    }
}

pub(super) fn binding() -> ModelBinding {
    ModelBinding {
        dialect: Dialect::OpenaiChat,
        context: 1000,
        max_output: 100,
    }
}

pub(super) fn prompt(id: PromptId) -> Prompt {
    Prompt {
        id,
        text: "do it".into(),
        attachments: Arc::default(),
        author: author(),
        model: "demo/scripted".into(),
        binding: binding(),
        mode: PromptMode::Queue,
        queued_at: Timestamp::from_ms(0),
        queued_seq: 0,
    }
}

pub(super) fn repository() -> Repository {
    Repository {
        url: "https://example.org/r.git".into(),
        reference: None,
    }
}

pub(super) fn profile(repository: Option<Repository>) -> Profile {
    Profile {
        id: SessionId::from_bits(1),
        org: OrgId::from_bits(2),
        created_by: author(),
        created_at: Timestamp::from_ms(0),
        agent: "scripted".into(),
        model: "demo/scripted".into(),
        binding: binding(),
        permissions: PermissionMode::Allow,
        title: None,
        repository,
        environment_id: None,
        setup: Vec::new(),
        git_token: None,
    }
}

pub(super) fn isolation() -> Isolation {
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
        disk: Enforcement::Watched,
        notes: Vec::new(),
    }
}
