//! Frames between a runner and the server, over the dial-back WebSocket `/v1/runner/connect` (JSON text frames).
//!
//! Runner to server: durable reports carry `(generation, n)`, `n` dense from 1 within a generation; the runner
//! keeps each in its spool until acked and re-sends on a timer and on reconnect; the server dedupes. Deltas are
//! ephemeral and never acked. Server to runner: commands carry an id, are re-sent on reconnect until the
//! runner's `command_done`, and are idempotent in the runner.

mod parse;

use serde::{Deserialize, Serialize};

use crate::{
    CommandId, EventBody, PromptId, SandboxId, SessionId,
    agent::ModelBinding,
    session::{Attachment, PermissionMode, Repository, Tokens, TurnError},
};

/// Version of this frame protocol; a server refuses a runner of another major version.
pub const RUNNER_PROTOCOL: u32 = 1;
/// Interval of heartbeats, seconds.
pub const HEARTBEAT_S: u64 = 15;
/// Silence after which the server asks the provider whether the sandbox lives, seconds.
pub const STALE_S: u64 = 60;
/// Unacked reports are sent again after this long, seconds.
pub const RESEND_S: u64 = 5;
/// Largest frame in either direction, bytes.
pub const MAX_FRAME_BYTES: usize = 16 * 1024 * 1024;

/// Handed to the runner on standard input when its sandbox starts. Holds the one-time token: never logged.
#[derive(Clone, Serialize, Deserialize)]
pub struct RunnerStart {
    pub protocol: u32,
    pub session_id: SessionId,
    pub sandbox_id: SandboxId,
    pub generation: u64,
    /// One-time token of this generation.
    pub token: String,
    /// Base URL of the uplink as seen inside, for example `http://127.0.0.1:3129`.
    pub uplink: String,
    pub plan: WorkspacePlan,
    pub agent: AgentStart,
}

impl std::fmt::Debug for RunnerStart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunnerStart")
            .field("session_id", &self.session_id)
            .field("sandbox_id", &self.sandbox_id)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

/// How the workspace is prepared before the agent starts. All of it is skipped where it was done already
/// (a marker in the agent's home says so), because workspace and home outlive a sandbox.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspacePlan {
    /// Absent = an empty git repository is made.
    #[serde(default)]
    pub repository: Option<Repository>,
    /// URL as reached from inside when it differs from `repository.url` (a mapped host).
    #[serde(default)]
    pub clone_url: Option<String>,
    /// True when the server can broker a credential for the repository's host.
    #[serde(default)]
    pub has_credential: bool,
    /// Shell commands run once after the clone.
    #[serde(default)]
    pub setup: Vec<String>,
    /// Longest a clone or one set-up command may take, seconds.
    pub clone_timeout_s: u64,
    pub setup_timeout_s: u64,
    /// File names whose contents go into the detection listing.
    #[serde(default)]
    pub detect_wanted: Vec<String>,
}

/// How the agent is started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentStart {
    /// `opencode`, `scripted` ...
    pub agent: String,
    pub permissions: PermissionMode,
    /// The agent's own conversation to go on with, if there is one.
    #[serde(default)]
    pub agent_session_id: Option<String>,
    pub model: ModelBinding,
}

/// Runner to server. Holds the runner's secret: its `Debug` says only what kind of frame it is.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RunnerFrame {
    /// First frame on each connection. The credential is in the `Authorization` header: the one-time token at
    /// first contact, later `secret`. The secret is made by the runner, so a lost answer costs nothing.
    Hello {
        protocol: u32,
        generation: u64,
        secret: String,
        runner_version: String,
    },
    /// A durable report.
    Report {
        generation: u64,
        n: u64,
        prompt_id: Option<PromptId>,
        report: RunnerReport,
    },
    /// Text as it is being produced. `offset` counts bytes of UTF-8 from the start of the part.
    Delta {
        generation: u64,
        prompt_id: PromptId,
        delta: Delta,
    },
    Heartbeat {
        generation: u64,
    },
    /// The command was taken and its effect is on its way; it is not sent again.
    CommandDone {
        generation: u64,
        command_id: CommandId,
    },
    /// Asks for the git credential of a host, on behalf of git inside. Answered by [`ServerFrame::Credential`].
    CredentialWanted {
        generation: u64,
        request: u64,
        protocol: String,
        host: String,
    },
    /// Asks for the environment secrets of the phase that is about to begin. Answered by [`ServerFrame::Secrets`].
    SecretsWanted {
        generation: u64,
        request: u64,
        phase: WorkPhase,
    },
}

impl std::fmt::Debug for RunnerFrame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Hello { generation, .. } => write!(f, "Hello({generation})"),
            Self::Report { generation, n, .. } => write!(f, "Report({generation}, {n})"),
            Self::Delta { generation, .. } => write!(f, "Delta({generation})"),
            Self::Heartbeat { generation } => write!(f, "Heartbeat({generation})"),
            Self::CommandDone { command_id, .. } => write!(f, "CommandDone({command_id})"),
            Self::CredentialWanted { request, .. } => write!(f, "CredentialWanted({request})"),
            Self::SecretsWanted { request, phase, .. } => write!(f, "SecretsWanted({request}, {phase:?})"),
        }
    }
}

/// A durable report of a runner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RunnerReport {
    /// A public event, passed on as it is (only types that a runner may produce).
    Event { event: EventBody },
    /// File names and contents for environment detection, after the clone.
    Listing { listing: crate::probe::Listing },
    /// The workspace is ready and the agent is up.
    Ready {
        agent: String,
        version: String,
        agent_session_id: String,
        resumed: bool,
        elapsed_ms: u64,
    },
    /// The sandbox cannot do its work: clone or set-up failed, the agent does not start.
    Broken { error: TurnError },
    /// The turn is over. The last report of that prompt.
    TurnEnded { outcome: TurnOutcome },
}

/// How a turn ended, as the runner saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum TurnOutcome {
    /// `tokens`: what the agent says it used; the gateway's own count wins where there is one.
    Completed {
        #[serde(default)]
        tokens: Option<Tokens>,
    },
    Failed {
        error: TurnError,
    },
    Cancelled,
}

/// One piece of text in flight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delta {
    pub message_id: String,
    pub part_id: String,
    pub kind: DeltaKind,
    /// Bytes of UTF-8 before this piece.
    pub offset: u64,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DeltaKind {
    Text,
    Reasoning,
    /// Output of the running tool call whose id is `part_id`.
    ToolOutput,
}

/// Server to runner.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// Answer to `hello`: everything up to `acked` is on disk here.
    Welcome { acked: u64 },
    /// Every report up to `n` is on disk here.
    Ack { n: u64 },
    Command {
        command_id: CommandId,
        command: RunnerCommand,
    },
    /// This generation is over; the runner stops without sending more.
    Fenced { reason: String },
    /// `credential` is `None` when there is none for that host.
    Credential {
        request: u64,
        credential: Option<GitCredential>,
    },
    /// `secrets` is `None` when they cannot be had now: the phase must not begin without them.
    Secrets {
        request: u64,
        secrets: Option<Vec<SecretValue>>,
    },
}

impl std::fmt::Debug for ServerFrame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Welcome { acked } => write!(f, "Welcome({acked})"),
            Self::Ack { n } => write!(f, "Ack({n})"),
            Self::Command { command_id, command } => write!(f, "Command({command_id}, {})", command.name()),
            Self::Fenced { reason } => write!(f, "Fenced({reason})"),
            Self::Credential { request, .. } => write!(f, "Credential({request})"),
            Self::Secrets { request, .. } => write!(f, "Secrets({request})"),
        }
    }
}

/// What in a sandbox is given secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkPhase {
    /// The set-up commands.
    Setup,
    /// The agent and what it starts.
    Agent,
}

/// One environment secret on its way into a sandbox. Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretValue {
    pub name: String,
    pub value: crate::api::Secret,
}

impl std::fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretValue")
    }
}

/// User name and password for one git operation.
#[derive(Clone, Serialize, Deserialize)]
pub struct GitCredential {
    pub username: String,
    pub password: String,
}

impl std::fmt::Debug for GitCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GitCredential")
    }
}

/// What the server wants a runner to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum RunnerCommand {
    /// Begin a turn. The text goes to the agent verbatim.
    Prompt {
        prompt_id: PromptId,
        text: String,
        #[serde(default)]
        attachments: Vec<Attachment>,
        model: ModelBinding,
    },
    /// End the turn now: abort the agent, kill the tools' processes, then report `turn_ended`. Also reported for
    /// a turn that never began here, so that the server knows it will not begin later.
    Interrupt { prompt_id: PromptId },
    Permission {
        permission_id: String,
        reply: PermissionReply,
        #[serde(default)]
        message: Option<String>,
    },
    Question {
        question_id: String,
        answers: Vec<Vec<String>>,
        #[serde(default)]
        rejected: bool,
    },
    /// Flush the spool, stop the agent, exit.
    Shutdown,
}

impl RunnerCommand {
    /// The command's word, for logs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Prompt { .. } => "prompt",
            Self::Interrupt { .. } => "interrupt",
            Self::Permission { .. } => "permission",
            Self::Question { .. } => "question",
            Self::Shutdown => "shutdown",
        }
    }
}

/// Answer to a permission request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PermissionReply {
    /// This one time.
    Once,
    /// From now on in this session, for the listed patterns.
    Always,
    /// No.
    Reject,
}
