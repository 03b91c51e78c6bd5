//! The agent driver: how a runner starts a coding agent, gives it a turn and hears from it.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use protocol::{
    EventBody, PromptId,
    agent::ModelBinding,
    runner::{Delta, PermissionReply, TurnOutcome},
    session::{Attachment, PermissionMode, TurnError},
};
use tokio::sync::mpsc;

/// What a driver needs to start its agent. Holds secrets: its `Debug` shows none.
#[derive(Clone)]
pub struct Launch {
    /// The agent's program, if the driver runs one.
    pub program: Option<PathBuf>,
    /// Directory the agent works in.
    pub workspace: PathBuf,
    /// Home of the agent; outlives the sandbox, so conversations are found again.
    pub home: PathBuf,
    /// Complete environment for the agent and its tools (proxy, CA files, PATH); the driver adds its own.
    pub env: BTreeMap<String, String>,
    /// Base URL of the runner's loopback model endpoint, `http://127.0.0.1:PORT`; dialects live below it at
    /// `/{dialect}` (for example `/openai-chat/v1/chat/completions`, `/anthropic/v1/messages`).
    pub model_endpoint: String,
    /// Key the agent must send to that endpoint; worthless elsewhere.
    pub model_key: String,
    pub model: ModelBinding,
    pub permissions: PermissionMode,
    /// The agent's own conversation to go on with.
    pub resume: Option<String>,
}

impl std::fmt::Debug for Launch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Launch")
            .field("program", &self.program)
            .field("workspace", &self.workspace)
            .field("home", &self.home)
            .field("env", &self.env.keys().collect::<Vec<_>>())
            .field("model", &self.model)
            .field("permissions", &self.permissions)
            .field("resume", &self.resume)
            .finish_non_exhaustive()
    }
}

/// A started agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    pub version: String,
    /// The agent's own conversation id, stored with the session.
    pub agent_session_id: String,
    /// True when the wanted conversation was found again.
    pub resumed: bool,
}

/// One turn.
#[derive(Debug, Clone)]
pub struct TurnRequest {
    pub prompt_id: PromptId,
    /// Verbatim.
    pub text: String,
    pub attachments: Vec<Attachment>,
    pub model: ModelBinding,
}

/// What a driver says while it lives. Events of a turn carry its prompt.
#[derive(Debug, Clone, PartialEq)]
pub enum Signal {
    /// To be reported durably.
    Event {
        prompt_id: Option<PromptId>,
        event: EventBody,
    },
    /// To be shown at once and forgotten.
    Delta { prompt_id: PromptId, delta: Delta },
    /// Exactly one for each turn, after all its events.
    TurnEnded {
        prompt_id: PromptId,
        outcome: TurnOutcome,
    },
    /// The agent's process is gone without having been asked to. A turn in flight has been ended before this.
    Died { error: TurnError },
}

/// Why an agent could not be started or would not take something.
#[derive(Debug, thiserror::Error)]
pub enum DriverError {
    #[error("the agent could not be started: {message}")]
    Start { message: String, stderr_tail: String },
    #[error("the agent did not take the request: {0}")]
    Refused(String),
    #[error("the agent is gone")]
    Gone,
}

/// Starts agents of one kind.
#[async_trait]
pub trait AgentDriver: Send + Sync {
    /// The word used in the API, for example `opencode`.
    fn name(&self) -> &'static str;

    /// Starts the agent, finds or makes its conversation, and returns when it can take a turn. Signals go to
    /// `signals`; the channel is bounded, so a driver must be ready to wait.
    async fn start(
        &self,
        launch: Launch,
        signals: mpsc::Sender<Signal>,
    ) -> Result<(Ready, Arc<dyn Agent>), DriverError>;
}

/// A running agent with one conversation. At most one turn at a time.
#[async_trait]
pub trait Agent: Send + Sync {
    /// Begins a turn and returns as soon as the agent has taken it.
    async fn prompt(&self, turn: TurnRequest) -> Result<(), DriverError>;

    /// Ends the turn in flight: aborts, kills the tools' process groups, then `TurnEnded { Cancelled }` is
    /// signalled. Without a turn in flight nothing happens.
    async fn interrupt(&self) -> Result<(), DriverError>;

    async fn answer_permission(
        &self,
        permission_id: &str,
        reply: PermissionReply,
        message: Option<&str>,
    ) -> Result<(), DriverError>;

    async fn answer_question(
        &self,
        question_id: &str,
        answers: &[Vec<String>],
        rejected: bool,
    ) -> Result<(), DriverError>;

    /// Aborts, asks the process to stop, then kills its whole process group. Safe to repeat.
    async fn stop(&self);
}
