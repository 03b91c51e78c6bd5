//! A server in a test: fakes behind fault decorators, a host that can crash, and a runner played by the test.

use std::{sync::Arc, time::Duration};

use domain::session::{Command, Profile, Prompt, Reply};
use ports::{Clock, Ports, idempotency::IdempotencyEntry};
use protocol::{
    EventBody, OrgId, PromptId, SessionId, UserId,
    agent::{Dialect, ModelBinding},
    event::MessageText,
    runner::{RunnerCommand, RunnerFrame, RunnerReport, ServerFrame, TurnOutcome},
    session::{Author, PermissionMode},
};
use sessions::{
    Answer, HostSettings, Outgoing, RunnerHello, RunnerIncoming, RunnerOutgoing, SessionError, Sessions,
    Subscription,
};
use testkit::{
    fake::TokioClock,
    registry::{Fakes, Faults},
};

pub(crate) struct Server {
    pub(crate) fakes: Fakes,
    pub(crate) faults: Faults,
    pub(crate) clock: Arc<TokioClock>,
    pub(crate) sessions: Sessions,
    pub(crate) ports: Ports,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let fakes = Fakes::default();
        let clock = Arc::new(TokioClock::default());
        let faults = Faults::around(Ports {
            clock: clock.clone(),
            ..fakes.ports()
        });
        let ports = faults.ports();
        let sessions = Sessions::new(ports.clone(), HostSettings::default());
        sessions.start().await.unwrap();
        Self {
            fakes,
            faults,
            clock,
            sessions,
            ports,
        }
    }

    /// Everything in memory is gone; only what is in the fakes remains. Like kill -9, nothing is flushed: the
    /// host is only told to stop when its storage refuses every write.
    pub(crate) async fn crash(&mut self) {
        for fault in ["append_unavailable", "release_unavailable"] {
            self.faults.session_log.faults.inject(fault, u32::MAX);
        }
        self.faults
            .catalog
            .faults
            .inject("mark_asleep_unavailable", u32::MAX);
        self.sessions.shutdown().await;
        self.faults.heal();
        self.sessions = Sessions::new(self.ports.clone(), HostSettings::default());
        self.sessions.start().await.unwrap();
    }

    pub(crate) async fn session(&self) -> SessionId {
        let profile = profile(SessionId::new(self.clock.now().as_ms(), 1));
        let id = profile.id;
        self.sessions.create(profile, None, None).await.unwrap();
        id
    }

    pub(crate) async fn prompt(&self, id: SessionId, n: u128) -> PromptId {
        self.try_prompt(id, n, None).await.unwrap();
        PromptId::from_bits(n)
    }

    pub(crate) async fn try_prompt(
        &self,
        id: SessionId,
        n: u128,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Answer, SessionError> {
        let prompt = prompt(PromptId::from_bits(n));
        self.sessions
            .command(id, Command::Enqueue(Box::new(prompt)), idempotency)
            .await
    }

    /// Takes the next sandbox that was asked for and connects as its runner.
    pub(crate) async fn runner(&self) -> Runner {
        let start = self.fakes.sandboxes.next_start().await.start;
        let mut runner = Runner::connect(self, &start).await;
        let ready = RunnerReport::Ready {
            agent: "scripted".into(),
            version: "1".into(),
            agent_session_id: "conversation".into(),
            resumed: start.agent.agent_session_id.is_some(),
            elapsed_ms: 1,
        };
        runner.report(None, ready).await;
        runner
    }

    pub(crate) async fn reader(&self, id: SessionId, after: u64) -> Reader {
        Reader(self.sessions.subscribe(id, after).await.unwrap())
    }
}

pub(crate) struct Runner {
    pub(crate) hello: RunnerHello,
    pub(crate) incoming: RunnerIncoming,
    pub(crate) outgoing: RunnerOutgoing,
    pub(crate) n: u64,
    pub(crate) generation: u64,
}

impl Runner {
    async fn connect(server: &Server, start: &protocol::runner::RunnerStart) -> Self {
        let hello = RunnerHello {
            session_id: start.session_id,
            sandbox_id: start.sandbox_id,
            generation: start.generation,
            credential: start.token.clone(),
            secret: format!("secret of {}", start.generation),
            runner_version: "1".into(),
        };
        let (incoming, outgoing) = server
            .sessions
            .connect_runner(hello.clone())
            .await
            .unwrap()
            .split();
        let mut runner = Self {
            hello,
            incoming,
            outgoing,
            n: 0,
            generation: start.generation,
        };
        assert!(matches!(runner.next().await, ServerFrame::Welcome { acked: 0 }));
        runner
    }

    /// Connects again with its secret, as after a lost connection.
    pub(crate) async fn reconnect(&mut self, server: &Server) -> u64 {
        let hello = RunnerHello {
            credential: self.hello.secret.clone(),
            ..self.hello.clone()
        };
        let (incoming, outgoing) = server.sessions.connect_runner(hello).await.unwrap().split();
        self.incoming = incoming;
        self.outgoing = outgoing;
        match self.next().await {
            ServerFrame::Welcome { acked } => acked,
            other => panic!("expected a welcome, got {other:?}"),
        }
    }

    pub(crate) async fn next(&mut self) -> ServerFrame {
        self.outgoing.next().await.expect("the link is open")
    }

    pub(crate) async fn command(&mut self) -> RunnerCommand {
        loop {
            if let ServerFrame::Command { command_id, command } = self.next().await {
                let generation = self.generation;
                let done = RunnerFrame::CommandDone {
                    generation,
                    command_id,
                };
                self.incoming.frame(done, 0).await.unwrap();
                return command;
            }
        }
    }

    pub(crate) async fn send(
        &self,
        n: u64,
        prompt_id: Option<PromptId>,
        report: RunnerReport,
    ) -> Result<(), SessionError> {
        let frame = RunnerFrame::Report {
            generation: self.generation,
            n,
            prompt_id,
            report,
        };
        let bytes = serde_json::to_string(&frame).unwrap().len();
        self.incoming.frame(frame, bytes).await
    }

    /// Reports and waits for the ack.
    pub(crate) async fn report(&mut self, prompt_id: Option<PromptId>, report: RunnerReport) {
        self.n += 1;
        self.send(self.n, prompt_id, report).await.unwrap();
        loop {
            match self.next().await {
                ServerFrame::Ack { n } if n == self.n => return,
                ServerFrame::Command { .. } => panic!("a command came before the ack"),
                _ => {}
            }
        }
    }

    pub(crate) async fn text(&mut self, prompt_id: PromptId, text: &str) {
        self.report(
            Some(prompt_id),
            RunnerReport::Event {
                event: text_event(text),
            },
        )
        .await;
    }

    pub(crate) async fn complete(&mut self, prompt_id: PromptId) {
        let outcome = TurnOutcome::Completed { tokens: None };
        self.report(Some(prompt_id), RunnerReport::TurnEnded { outcome })
            .await;
    }
}

pub(crate) struct Reader(Subscription);

impl Reader {
    /// The next event's type and `seq`.
    pub(crate) async fn event(&mut self) -> (u64, EventBody) {
        loop {
            match self.0.next().await.expect("the session is there").unwrap() {
                Outgoing::Event(event) => return (event.seq(), event.event().unwrap().body),
                Outgoing::Delta(_) | Outgoing::CaughtUp { .. } => {}
            }
        }
    }

    /// Reads up to the first event of this type; checks that nothing is missing or doubled on the way.
    pub(crate) async fn until(&mut self, kind: &str) -> Vec<String> {
        let mut seen = Vec::new();
        let mut last = None;
        loop {
            let (seq, body) = self.event().await;
            assert!(last.is_none_or(|last| seq == last + 1), "{seq} follows {last:?}");
            last = Some(seq);
            seen.push(body.kind().to_owned());
            if body.kind() == kind {
                return seen;
            }
        }
    }

    pub(crate) async fn end(&mut self) {
        while let Some(frame) = self.0.next().await {
            frame.unwrap();
        }
    }
}

pub(crate) fn text_event(text: &str) -> EventBody {
    MessageText {
        message_id: "m".into(),
        part_id: "p".into(),
        text: text.into(),
    }
    .into()
}

pub(crate) fn queued(answer: &Answer) -> PromptId {
    match answer.reply() {
        Reply::Queued { prompt_id, .. } => *prompt_id,
        other => panic!("expected a queued prompt, got {other:?}"),
    }
}

pub(crate) fn key(server: &Server, key: &str, body: u8) -> IdempotencyEntry {
    IdempotencyEntry {
        scope: "prompts".into(),
        key: key.into(),
        fingerprint: [body; 32],
        reply: String::new(),
        at: server.clock.now(),
    }
}

pub(crate) fn author() -> Author {
    Author {
        user_id: UserId::from_bits(7),
        api_key_id: None,
        name: None,
    }
}

pub(crate) fn prompt(id: PromptId) -> Prompt {
    Prompt {
        id,
        text: "do it".into(),
        attachments: Arc::default(),
        author: author(),
        model: "demo/scripted".into(),
        binding: binding(),
        mode: protocol::session::PromptMode::Queue,
        queued_at: protocol::Timestamp::from_ms(0),
        queued_seq: 0,
    }
}

pub(crate) fn profile(id: SessionId) -> Profile {
    Profile {
        id,
        org: OrgId::from_bits(2),
        created_by: author(),
        created_at: protocol::Timestamp::from_ms(0),
        agent: "scripted".into(),
        model: "demo/scripted".into(),
        binding: binding(),
        permissions: PermissionMode::Allow,
        title: Some("t".into()),
        repository: None,
        environment_id: None,
        setup: Vec::new(),
        git_token: None,
    }
}

fn binding() -> ModelBinding {
    ModelBinding {
        dialect: Dialect::OpenaiChat,
        context: 1000,
        max_output: 100,
    }
}

/// Lets everything that can run now run, moving the paused clock by a little.
pub(crate) async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}
