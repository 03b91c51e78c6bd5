//! The runner's main loop: one task that owns the agent, the queue of commands and the turn in flight.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use agents::{Agent, AgentDriver, DriverError, Launch, Signal, TurnRequest};
use futures::future::BoxFuture;
use protocol::{
    CommandId, PromptId,
    runner::{AgentStart, RunnerCommand, RunnerReport, TurnOutcome, WorkspacePlan},
    session::TurnError,
};
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};

use super::{
    FindDriver, exit,
    inbox::{Arrival, Inbox},
    start::{Up, bring_up},
};
use crate::{
    artifacts::Artifacts,
    settings::Settings,
    tail::readable,
    uplink::{Running, Uplink},
    workspace::Preparation,
};

/// Signals that wait for the loop; a driver waits past that.
const SIGNALS: usize = 256;
/// Longest an agent may take to accept something.
const ACCEPT_LIMIT: Duration = Duration::from_secs(30);
const STOP_LIMIT: Duration = Duration::from_secs(5);

type BringUp = BoxFuture<'static, Result<Up, TurnError>>;
type Carrying = BoxFuture<'static, (CommandId, Option<PromptId>, Result<(), DriverError>)>;

pub(super) struct Session {
    uplink: Uplink,
    driver: Option<Arc<dyn AgentDriver>>,
    agent_name: String,
    launch: Launch,
    preparation: Arc<Preparation>,
    inbox: Inbox,
    agent: Option<Arc<dyn Agent>>,
    /// The turn in flight.
    turn: Option<PromptId>,
    /// How the turn in flight has ended; it is said once what the agent left has been sent.
    ended: Option<(TurnOutcome, JoinHandle<()>)>,
    artifacts: Option<Arc<Artifacts>>,
    broken: Option<TurnError>,
    /// A crashed agent is started again once for each turn that went well.
    may_restart: bool,
    signals: mpsc::Receiver<Signal>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("agent", &self.agent_name)
            .finish_non_exhaustive()
    }
}

impl Session {
    pub(super) fn new(
        uplink: Uplink,
        find: FindDriver,
        settings: Settings,
        agent: AgentStart,
        plan: WorkspacePlan,
        env: BTreeMap<String, String>,
        credential_config: Vec<(String, String)>,
    ) -> Self {
        let program: Option<PathBuf> = settings.agent_program(&agent.agent);
        let launch = Launch {
            program,
            workspace: settings.workspace.clone(),
            home: settings.home.clone(),
            env: env.clone(),
            model_endpoint: String::new(),
            model_key: String::new(),
            model: agent.model,
            permissions: agent.permissions,
            resume: agent.agent_session_id,
        };
        let preparation = Preparation {
            uplink: uplink.clone(),
            plan,
            workspace: settings.workspace.clone(),
            home: settings.home.clone(),
            state_dir: settings.state_dir(),
            env,
            credential_config,
        };
        Self {
            uplink,
            driver: find(&agent.agent),
            agent_name: agent.agent,
            launch,
            preparation: Arc::new(preparation),
            inbox: Inbox::default(),
            agent: None,
            turn: None,
            ended: None,
            artifacts: None,
            broken: None,
            may_restart: true,
            signals: mpsc::channel(1).1,
        }
    }

    pub(super) fn with_model(mut self, endpoint: String, key: String) -> Self {
        self.launch.model_endpoint = endpoint;
        self.launch.model_key = key;
        self
    }

    pub(super) fn with_artifacts(mut self, artifacts: Artifacts) -> Self {
        self.artifacts = Some(Arc::new(artifacts));
        self
    }

    pub(super) async fn run(mut self, running: Running, stop: impl Future<Output = ()>) -> u8 {
        let Running {
            mut commands,
            mut task,
        } = running;
        tokio::pin!(stop);
        let mut coming_up = self.bring_up(true);
        let mut carrying: Option<Carrying> = None;
        let code = loop {
            if carrying.is_none() {
                carrying = self.next_command().await;
            }
            tokio::select! {
                () = &mut stop => break exit::DONE,
                ending = &mut task => {
                    tracing::warn!(?ending, "the server does not want this runner any more");
                    break exit::FENCED;
                }
                Some((id, command)) = commands.recv() => {
                    if matches!(command, RunnerCommand::Shutdown) {
                        self.uplink.command_done(id);
                        break exit::DONE;
                    }
                    self.arrive(id, command).await;
                }
                up = async { Some(coming_up.as_mut()?.await) }, if coming_up.is_some() => {
                    coming_up = None;
                    if let Some(up) = up {
                        self.settle_start(up).await;
                    }
                }
                Some(signal) = self.signals.recv() => {
                    if self.take_signal(signal).await {
                        coming_up = self.restart().await;
                    }
                }
                _ = async { Some((&mut self.ended.as_mut()?.1).await) }, if self.ended.is_some() => {
                    self.say_ended().await;
                }
                done = async { Some(carrying.as_mut()?.await) }, if carrying.is_some() => {
                    carrying = None;
                    if let Some((id, prompt, result)) = done {
                        self.settle_command(id, prompt, result).await;
                    }
                }
            }
        };
        // Dropping the future ends a clone or a set-up command with its whole process group.
        drop(coming_up);
        drop(carrying);
        self.stop_agent().await;
        if code == exit::DONE {
            self.drain_signals().await;
        }
        code
    }

    fn bring_up(&mut self, first: bool) -> Option<BringUp> {
        let (sender, signals) = mpsc::channel(SIGNALS);
        self.signals = signals;
        let uplink = self.uplink.clone();
        let preparation = first.then(|| Arc::clone(&self.preparation));
        let launch = self.launch.clone();
        match self.driver.clone() {
            Some(driver) => Some(Box::pin(bring_up(uplink, preparation, driver, launch, sender))),
            None => {
                let error = TurnError {
                    code: "agent_unavailable".into(),
                    message: format!("This runner has no driver for the agent `{}`.", self.agent_name),
                    next_step: "Choose another agent, or update the runner.".into(),
                    detail: None,
                };
                Some(Box::pin(async { Err(error) }))
            }
        }
    }

    async fn settle_start(&mut self, up: Result<Up, TurnError>) {
        match up {
            Ok(Up {
                agent,
                ready,
                elapsed_ms,
            }) => {
                self.agent = Some(agent);
                self.launch.resume = Some(ready.agent_session_id.clone());
                let report = RunnerReport::Ready {
                    agent: self.agent_name.clone(),
                    version: ready.version,
                    agent_session_id: ready.agent_session_id,
                    resumed: ready.resumed,
                    elapsed_ms,
                };
                self.uplink.report(None, report).await;
            }
            Err(error) => self.break_down(error).await,
        }
    }

    async fn break_down(&mut self, error: TurnError) {
        self.broken = Some(error.clone());
        self.uplink.report(None, RunnerReport::Broken { error }).await;
    }

    async fn arrive(&mut self, id: CommandId, command: RunnerCommand) {
        match self.inbox.arrive(id, command) {
            Arrival::New | Arrival::Waiting => {}
            Arrival::Done => self.uplink.command_done(id),
        }
    }

    /// The next command that can be carried out now. A prompt waits for the agent and for the turn before it;
    /// everything else does not wait for prompts.
    async fn next_command(&mut self) -> Option<Carrying> {
        loop {
            let (up, busy, broken) = (self.agent.is_some(), self.turn.is_some(), self.broken.is_some());
            let (id, command) = self.inbox.take(|command| match command {
                RunnerCommand::Prompt { .. } => broken || (up && !busy),
                _ => true,
            })?;
            if let Some(carrying) = self.carry_out(id, command).await {
                return Some(carrying);
            }
            self.inbox.done(id);
            self.uplink.command_done(id);
        }
    }

    /// Begins a command; `None` when it is finished already.
    async fn carry_out(&mut self, id: CommandId, command: RunnerCommand) -> Option<Carrying> {
        tracing::debug!(command = command.name(), "carried out");
        match command {
            RunnerCommand::Prompt {
                prompt_id,
                text,
                attachments,
                model,
            } => {
                if !self.inbox.claim(prompt_id) {
                    return None;
                }
                let Some(agent) = self.agent.clone() else {
                    let error = self.broken.clone().unwrap_or_else(crashed);
                    self.end_turn(prompt_id, TurnOutcome::Failed { error }).await;
                    return None;
                };
                self.turn = Some(prompt_id);
                self.launch.model = model.clone();
                let turn = TurnRequest {
                    prompt_id,
                    text,
                    attachments,
                    model,
                };
                Some(accept(
                    id,
                    Some(prompt_id),
                    async move { agent.prompt(turn).await },
                ))
            }
            RunnerCommand::Interrupt { prompt_id } => {
                if self.turn == Some(prompt_id) {
                    if self.ended.is_some() {
                        // It is over but for what it left, which goes with the next turn.
                        self.say_ended().await;
                        return None;
                    }
                    let agent = self.agent.clone()?;
                    return Some(accept(id, None, async move { agent.interrupt().await }));
                }
                if let Some(prompt) = self.inbox.withdraw(prompt_id) {
                    self.inbox.done(prompt);
                    self.uplink.command_done(prompt);
                }
                // Not begun yet: it never will be. Ended already: nothing to do.
                if self.inbox.claim(prompt_id) {
                    self.end_turn(prompt_id, TurnOutcome::Cancelled).await;
                }
                None
            }
            RunnerCommand::Permission {
                permission_id,
                reply,
                message,
            } => {
                let agent = self.agent.clone()?;
                Some(accept(id, None, async move {
                    agent
                        .answer_permission(&permission_id, reply, message.as_deref())
                        .await
                }))
            }
            RunnerCommand::Question {
                question_id,
                answers,
                rejected,
            } => {
                let agent = self.agent.clone()?;
                Some(accept(id, None, async move {
                    agent.answer_question(&question_id, &answers, rejected).await
                }))
            }
            // Taken care of on arrival.
            RunnerCommand::Shutdown => None,
        }
    }

    async fn settle_command(
        &mut self,
        id: CommandId,
        prompt: Option<PromptId>,
        result: Result<(), DriverError>,
    ) {
        if let Err(error) = result {
            tracing::warn!(%error, "the agent did not take a command");
            // A turn that the agent has ended by itself in the meantime is not ended twice.
            if let Some(prompt) = prompt.filter(|prompt| self.turn == Some(*prompt) && self.ended.is_none()) {
                self.turn = None;
                self.end_turn(
                    prompt,
                    TurnOutcome::Failed {
                        error: refused(&error),
                    },
                )
                .await;
            }
        }
        self.inbox.done(id);
        self.uplink.command_done(id);
    }

    /// Says how the turn has ended, whether or not everything it left has been sent.
    async fn say_ended(&mut self) {
        let Some((outcome, sending)) = self.ended.take() else {
            return;
        };
        sending.abort();
        if let Some(prompt_id) = self.turn.take() {
            self.end_turn(prompt_id, outcome).await;
        }
    }

    async fn end_turn(&self, prompt_id: PromptId, outcome: TurnOutcome) {
        self.uplink
            .report(Some(prompt_id), RunnerReport::TurnEnded { outcome })
            .await;
    }

    /// True when the agent has died and is worth another start.
    async fn take_signal(&mut self, signal: Signal) -> bool {
        let Signal::Died { error } = signal else {
            self.relay(signal).await;
            return false;
        };
        self.say_ended().await;
        if let Some(prompt_id) = self.turn.take() {
            self.end_turn(prompt_id, TurnOutcome::Failed { error: error.clone() })
                .await;
        }
        self.stop_agent().await;
        if !self.may_restart {
            self.break_down(TurnError {
                code: "agent_crashed".into(),
                ..error
            })
            .await;
            return false;
        }
        true
    }

    /// Passes on what a living agent says.
    async fn relay(&mut self, signal: Signal) {
        match signal {
            Signal::Event { prompt_id, event } => {
                self.uplink.report(prompt_id, RunnerReport::Event { event }).await;
            }
            Signal::Delta { prompt_id, delta } => self.uplink.delta(prompt_id, delta),
            Signal::TurnEnded { prompt_id, outcome } => {
                if self.turn == Some(prompt_id) && self.ended.is_none() {
                    self.may_restart |= matches!(outcome, TurnOutcome::Completed { .. });
                    match self.artifacts.clone() {
                        Some(artifacts) if !matches!(outcome, TurnOutcome::Cancelled) => {
                            let sending = tokio::spawn(async move { artifacts.send_new().await });
                            self.ended = Some((outcome, sending));
                        }
                        _ => {
                            self.turn = None;
                            self.end_turn(prompt_id, outcome).await;
                        }
                    }
                } else {
                    tracing::warn!(%prompt_id, "the driver ended a turn that is not in flight");
                }
            }
            // It was told to stop, or its end is known already.
            Signal::Died { .. } => {}
        }
    }

    async fn restart(&mut self) -> Option<BringUp> {
        self.may_restart = false;
        tracing::warn!("the agent died and is started again");
        self.bring_up(false)
    }

    /// Stops the agent, listening meanwhile: a driver may have more to say than its channel holds.
    async fn stop_agent(&mut self) {
        let Some(agent) = self.agent.take() else { return };
        let stopping = timeout(STOP_LIMIT, agent.stop());
        tokio::pin!(stopping);
        loop {
            tokio::select! {
                stopped = &mut stopping => {
                    if stopped.is_err() {
                        tracing::warn!("the agent did not stop in time");
                    }
                    return;
                }
                Some(signal) = self.signals.recv() => self.relay(signal).await,
            }
        }
    }

    /// What the agent said before it stopped; then a turn that is still open is ended.
    async fn drain_signals(&mut self) {
        while let Ok(signal) = self.signals.try_recv() {
            self.relay(signal).await;
        }
        self.say_ended().await;
        if let Some(prompt_id) = self.turn.take() {
            self.end_turn(prompt_id, TurnOutcome::Cancelled).await;
        }
    }
}

fn accept(
    id: CommandId,
    prompt: Option<PromptId>,
    work: impl Future<Output = Result<(), DriverError>> + Send + 'static,
) -> Carrying {
    Box::pin(async move {
        let refused = || DriverError::Refused(format!("no answer within {} s", ACCEPT_LIMIT.as_secs()));
        let result = timeout(ACCEPT_LIMIT, work)
            .await
            .unwrap_or_else(|_| Err(refused()));
        (id, prompt, result)
    })
}

fn refused(error: &DriverError) -> TurnError {
    TurnError {
        code: "agent_refused".into(),
        message: format!(
            "The agent did not take the prompt: {}.",
            readable(&error.to_string())
        ),
        next_step: "Send the prompt again.".into(),
        detail: None,
    }
}

fn crashed() -> TurnError {
    TurnError {
        code: "agent_crashed".into(),
        message: "The agent is not running.".into(),
        next_step: "Send the prompt again.".into(),
        detail: None,
    }
}
