//! Effects: what is done outside, after the commit that called for it. Each outcome comes back as a command.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::session::{Command, Effect, Observed, OwedCommand, State};
use ports::{
    catalog::SessionRow,
    sandbox::{SandboxError, SandboxSpec, SandboxState},
};
use protocol::{
    SandboxId, SessionId, Timestamp,
    run::RunRecord,
    runner::{AgentStart, RUNNER_PROTOCOL, RunnerCommand, RunnerStart, ServerFrame, WorkspacePlan},
};
use tokio::sync::mpsc;

use crate::{
    Sessions,
    slot::{Envelope, Slot},
};

/// How long a runner may take to flush and stop its agent before everything in its sandbox is killed.
const STOP_GRACE_MS: u64 = 5_000;
/// A provider that has not started a sandbox by then has not; shorter than the machine's own alarm.
const START_LIMIT: Duration = Duration::from_secs(100);
/// Longest wait between two tries to write a run record.
const RETRY_CAP: Duration = Duration::from_secs(60);

/// One session's effects. Those on its sandbox run one after another, in the order of their commits.
pub(crate) struct Workshop {
    sessions: Sessions,
    id: SessionId,
    inbox: mpsc::Sender<Envelope>,
    pub(crate) in_flight: Arc<AtomicUsize>,
    lane: mpsc::UnboundedSender<Job>,
}

struct Job {
    effect: Effect,
    state: Arc<State>,
    slot: Arc<Slot>,
    _guard: Guard,
}

/// Counts as in flight until dropped.
struct Guard(Arc<AtomicUsize>);

impl Guard {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Workshop {
    pub(crate) fn new(sessions: &Sessions, id: SessionId, inbox: mpsc::Sender<Envelope>) -> Self {
        let (lane, mut jobs) = mpsc::unbounded_channel::<Job>();
        let worker = Worker {
            sessions: sessions.clone(),
            id,
            inbox: inbox.clone(),
        };
        let stopping = sessions.0.stopping.clone();
        sessions.0.tasks.spawn(async move {
            while let Some(job) = jobs.recv().await {
                tokio::select! {
                    biased;
                    // Whatever is left undone is known from the log and named again by the next owner.
                    () = stopping.cancelled() => break,
                    () = worker.carry_out(&job) => {}
                }
            }
        });
        Self {
            sessions: sessions.clone(),
            id,
            inbox,
            in_flight: Arc::default(),
            lane,
        }
    }

    /// Whether nothing of this session is being done outside its mailbox.
    pub(crate) fn is_quiet(&self) -> bool {
        self.in_flight.load(Ordering::SeqCst) == 0
    }

    pub(crate) fn run(&self, effect: Effect, state: &Arc<State>, slot: &Arc<Slot>) {
        match effect {
            Effect::SendOwed => send_owed(state, slot),
            Effect::FlushRun(run) => self.flush(*run),
            Effect::Detect(listing) => {
                let plan = domain::environment::detect(&listing);
                self.tell(Command::Detected { plan });
            }
            effect => {
                let guard = Guard::new(&self.in_flight);
                let job = Job {
                    effect,
                    state: Arc::clone(state),
                    slot: Arc::clone(slot),
                    _guard: guard,
                };
                // The lane ends only with this workshop.
                let _ = self.lane.send(job);
            }
        }
    }

    /// Projections overtake each other harmlessly: an older one never overwrites a newer one.
    pub(crate) fn project(&self, row: SessionRow) {
        let guard = Guard::new(&self.in_flight);
        let catalog = Arc::clone(&self.sessions.0.ports.catalog);
        self.sessions.0.tasks.spawn(async move {
            let id = row.id;
            if let Err(error) = catalog.project(row).await {
                tracing::warn!(session.id = %id, %error, "the list row could not be brought up to date");
            }
            drop(guard);
        });
    }

    fn tell(&self, command: Command) {
        let inbox = self.inbox.clone();
        let guard = Guard::new(&self.in_flight);
        self.sessions.0.tasks.spawn(async move {
            let _ = inbox
                .send(Envelope::Outcome {
                    command: Box::new(command),
                })
                .await;
            drop(guard);
        });
    }

    /// Retried for as long as this process lives; after a crash the outbox names it again.
    fn flush(&self, run: RunRecord) {
        let history = Arc::clone(&self.sessions.0.ports.run_history);
        let inbox = self.inbox.clone();
        let guard = Guard::new(&self.in_flight);
        let stopping = self.sessions.0.stopping.clone();
        let id = self.id;
        self.sessions.0.tasks.spawn(async move {
            let run_id = run.id;
            let mut pause = Duration::from_millis(100);
            while let Err(error) = history.record(run.clone()).await {
                tracing::warn!(session.id = %id, run.id = %run_id, %error, "the run history does not take a record yet");
                tokio::select! {
                    () = stopping.cancelled() => return,
                    () = tokio::time::sleep(pause) => pause = (pause * 2).min(RETRY_CAP),
                }
            }
            let _ = inbox.send(Envelope::Outcome { command: Box::new(Command::RunFlushed { run_id }) }).await;
            drop(guard);
        });
    }
}

/// Gives the runner, if it is there, every command it is owed and has not been sent on this connection.
fn send_owed(state: &State, slot: &Slot) {
    let Some(link) = slot.hub.link() else { return };
    for (command_id, owed) in &state.owed {
        if let Some(command) = materialise(state, owed) {
            link.send_once(
                *command_id,
                ServerFrame::Command {
                    command_id: *command_id,
                    command,
                },
            );
        }
    }
}

fn materialise(state: &State, owed: &OwedCommand) -> Option<RunnerCommand> {
    Some(match owed.clone() {
        OwedCommand::Prompt { prompt_id } => {
            let prompt = &state
                .turn
                .as_ref()
                .filter(|turn| turn.prompt.id == prompt_id)?
                .prompt;
            RunnerCommand::Prompt {
                prompt_id,
                text: prompt.text.to_string(),
                attachments: prompt.attachments.as_ref().clone(),
                model: prompt.binding.clone(),
            }
        }
        OwedCommand::Interrupt { prompt_id } => RunnerCommand::Interrupt { prompt_id },
        OwedCommand::Permission {
            permission_id,
            reply,
            message,
        } => RunnerCommand::Permission {
            permission_id,
            reply,
            message,
        },
        OwedCommand::Question {
            question_id,
            answers,
            rejected,
        } => RunnerCommand::Question {
            question_id,
            answers,
            rejected,
        },
    })
}

/// Carries out the effects on a session's sandbox.
struct Worker {
    sessions: Sessions,
    id: SessionId,
    inbox: mpsc::Sender<Envelope>,
}

impl Worker {
    async fn carry_out(&self, job: &Job) {
        match &job.effect {
            Effect::StartSandbox {
                sandbox_id,
                generation,
                token,
                attempt,
            } => {
                self.start(&job.state, *sandbox_id, *generation, token, *attempt)
                    .await;
            }
            Effect::ObserveSandbox {
                sandbox_id,
                generation,
            } => {
                self.sessions
                    .observe(self.id, *sandbox_id, *generation, job.slot.hub.heard())
                    .await;
            }
            Effect::StopSandbox {
                sandbox_id,
                generation,
            } => self.stop(*sandbox_id, *generation).await,
            Effect::Purge => self.purge(&job.slot).await,
            Effect::SendOwed | Effect::FlushRun(_) | Effect::Detect(_) => {}
        }
    }

    async fn start(&self, state: &State, sandbox_id: SandboxId, generation: u64, token: &str, attempt: u32) {
        let Some(start) = runner_start(&self.sessions, state, sandbox_id, generation, token) else {
            return;
        };
        if attempt > 0 {
            tokio::time::sleep(Duration::from_secs(u64::from(attempt.min(5)))).await;
        }
        if self.sessions.0.quiescing.load(Ordering::SeqCst) {
            // Asked for again by the next process.
            return;
        }
        let spec = SandboxSpec {
            sandbox_id,
            session_id: self.id,
            generation,
            start,
            limits: None,
        };
        let started = tokio::time::timeout(START_LIMIT, self.sessions.0.ports.sandboxes.start(spec)).await;
        let started =
            started.unwrap_or_else(|_| Err(SandboxError::Transient("the provider did not answer".into())));
        let command = match started {
            Ok(isolation) => Command::SandboxStarted {
                generation,
                isolation,
            },
            Err(error) => {
                let retryable = matches!(error, SandboxError::Transient(_));
                Command::SandboxStartFailed {
                    generation,
                    cause: error.to_string(),
                    retryable,
                }
            }
        };
        self.tell(command).await;
    }

    async fn stop(&self, sandbox_id: SandboxId, generation: u64) {
        match self
            .sessions
            .0
            .ports
            .sandboxes
            .stop(sandbox_id, STOP_GRACE_MS)
            .await
        {
            Ok(()) => self.tell(Command::SandboxStopped { generation }).await,
            // The stop alarm asks again.
            Err(error) => tracing::warn!(sandbox.id = %sandbox_id, %error, "a sandbox could not be stopped"),
        }
    }

    /// Removes everything of the session; the catalogue row goes last, so that a crash in between is taken up
    /// again at the next start.
    async fn purge(&self, slot: &Slot) {
        let mut pause = Duration::from_millis(200);
        while let Err(cause) = self.remove_everything().await {
            tracing::warn!(session.id = %self.id, cause, "the session could not be removed yet");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(RETRY_CAP);
        }
        slot.hub.close();
    }

    async fn remove_everything(&self) -> Result<(), String> {
        let ports = &self.sessions.0.ports;
        ports
            .sandboxes
            .destroy(self.id)
            .await
            .map_err(|error| error.to_string())?;
        ports
            .run_history
            .remove_session(self.id)
            .await
            .map_err(|error| error.to_string())?;
        ports
            .session_log
            .delete(self.id)
            .await
            .map_err(|error| error.to_string())?;
        ports
            .catalog
            .remove(self.id)
            .await
            .map_err(|error| error.to_string())
    }

    async fn tell(&self, command: Command) {
        let _ = self
            .inbox
            .send(Envelope::Outcome {
                command: Box::new(command),
            })
            .await;
    }
}

impl Sessions {
    /// Asks the provider about a sandbox and reports what it says.
    pub(crate) async fn observe(
        &self,
        id: SessionId,
        sandbox: SandboxId,
        generation: u64,
        heard: Option<Timestamp>,
    ) {
        let observed = match self.0.ports.sandboxes.state(sandbox).await {
            Ok(SandboxState::Running { .. }) => Observed::Running,
            Ok(SandboxState::Ended { cause }) => Observed::Ended(cause),
            Ok(SandboxState::Unknown) => Observed::Unknown,
            Err(error) => {
                tracing::warn!(sandbox.id = %sandbox, %error, "the provider does not say how a sandbox is");
                return;
            }
        };
        let command = Box::new(Command::SandboxObserved {
            generation,
            observed,
            link_seen: heard,
        });
        let _ = self.post(id, Envelope::Outcome { command }).await;
    }
}

fn runner_start(
    sessions: &Sessions,
    state: &State,
    sandbox_id: SandboxId,
    generation: u64,
    token: &str,
) -> Option<RunnerStart> {
    let profile = state.profile.as_ref()?;
    let settings = &sessions.0.settings;
    let binding = state
        .queue
        .front()
        .map_or_else(|| profile.binding.clone(), |prompt| prompt.binding.clone());
    Some(RunnerStart {
        protocol: RUNNER_PROTOCOL,
        session_id: profile.id,
        sandbox_id,
        generation,
        token: token.to_owned(),
        uplink: settings.uplink_url.clone(),
        plan: WorkspacePlan {
            clone_url: profile
                .repository
                .as_ref()
                .and_then(|repository| (settings.clone_url)(repository)),
            repository: profile.repository.clone(),
            has_credential: profile.git_token.is_some(),
            setup: profile.setup.clone(),
            clone_timeout_s: settings.policy.clone_timeout_s,
            setup_timeout_s: settings.policy.setup_timeout_s,
            detect_wanted: domain::environment::wanted_files()
                .into_iter()
                .map(ToOwned::to_owned)
                .collect(),
        },
        agent: AgentStart {
            agent: profile.agent.clone(),
            permissions: profile.permissions,
            agent_session_id: state.agent_session_id.clone(),
            model: binding,
        },
    })
}

/// What the list shows of a state.
pub(crate) fn row(state: &State) -> Option<SessionRow> {
    let profile = state.profile.as_ref()?;
    Some(SessionRow {
        id: profile.id,
        org: profile.org,
        created_by: profile.created_by.user_id,
        created_at: profile.created_at,
        updated_at: state.updated_at,
        agent: profile.agent.clone(),
        model: profile.model.clone(),
        title: profile.title.clone(),
        repository: profile.repository.clone(),
        status: domain::session::status(state),
        tokens: state.tokens,
        cost_micro_usd: state.known_cost(),
        position: state.position,
    })
}
