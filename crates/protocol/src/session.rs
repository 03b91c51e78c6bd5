//! Sessions and prompts as a client sees them.

use serde::{Deserialize, Serialize};

use crate::{ApiKeyId, OrgId, SessionId, Timestamp, UserId};

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SessionStatus {
    /// A sandbox is there (or was never needed) and nothing is to be done.
    Idle,
    /// A prompt waits and nothing has been started for it yet.
    Queued,
    /// A sandbox is being started or its workspace prepared.
    Starting,
    /// The agent works on a prompt.
    Running,
    /// The agent waits for a person: a permission or a question.
    Waiting,
    /// The sandbox is stopped; workspace and home are kept. The next prompt wakes it.
    Hibernated,
    /// The last attempt failed for good; `why` says what to do. A new prompt tries again.
    Failed,
    /// Closed by a person; read-only.
    Archived,
}

/// Where a prompt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PromptStatus {
    Queued,
    Running,
    Completed,
    Failed,
    Cancelled,
}

/// Whether tools ask before they act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PermissionMode {
    /// Tools run without asking: the sandbox is the boundary.
    #[default]
    Allow,
    /// Shell commands and edits ask a person first.
    Ask,
}

/// How a prompt takes its place among those that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PromptMode {
    /// After everything that waits.
    #[default]
    Queue,
    /// Before everything that waits, after other steering prompts: taken as soon as the running turn has ended.
    Steer,
    /// Ends the running turn now and is the next to run.
    Interrupt,
}

impl PromptMode {
    /// Whether it is the usual one, which is not written out.
    #[must_use]
    pub fn is_queue(&self) -> bool {
        *self == Self::Queue
    }
}

/// Why a session is in its state, and what happens next by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Why {
    /// Stable word for the cause, for example `prompt_running`, `waiting_for_permission`, `idle_timeout`.
    pub cause: String,
    /// The same in words, for a person.
    pub message: String,
    /// Who caused it: `user`, `agent`, `sandbox` or `system`.
    pub actor: String,
    /// The next automatic step, if any (`hibernate`, `fail_prompt`, `replace_sandbox`, `retire_sandbox`, `stop_sandbox`,
    /// `stop_again`, `start_sandbox`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<String>,
    /// When that step happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
}

/// Who did something: the person, and the key used if it was an API call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Author {
    pub user_id: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key_id: Option<ApiKeyId>,
    /// Name for display.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Where a session lived before it was brought here as a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportedFrom {
    /// Public address of the server that made the bundle, as the bundle says.
    pub installation: String,
    pub org_id: OrgId,
    pub session_id: SessionId,
    /// When the bundle was made.
    pub exported_at: Timestamp,
    pub imported_at: Timestamp,
    /// Events that came along: those up to this `seq` happened there.
    pub head: u64,
}

/// The repository a session works on, without credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Repository {
    /// `https://` (or `http://` where the operator allows it) URL of a git repository, without user info.
    pub url: String,
    /// Branch, tag or commit; the default branch when absent.
    #[serde(default, rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// A file given along with a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentMeta {
    pub name: String,
    pub media_type: String,
    pub size_bytes: u64,
}

/// A file with its content (base64).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attachment {
    pub name: String,
    pub media_type: String,
    /// Content, base64 (standard alphabet).
    pub data: String,
}

/// What went wrong in a turn, with the next step for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TurnError {
    /// Stable word, for example `sandbox_lost`, `model_error`, `agent_crashed`, `clone_failed`, `setup_failed`.
    pub code: String,
    pub message: String,
    /// What the person can do.
    pub next_step: String,
    /// Tail of the relevant output, redacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Tokens of a turn or a model call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// Prompt tokens, cached ones included.
    pub input: u64,
    pub output: u64,
    /// Of `input`, those read from the provider's cache.
    #[serde(default)]
    pub cached: u64,
    /// Of `output`, those spent on reasoning, where the provider says so.
    #[serde(default)]
    pub reasoning: u64,
}

impl std::ops::Add for Tokens {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            output: self.output.saturating_add(other.output),
            cached: self.cached.saturating_add(other.cached),
            reasoning: self.reasoning.saturating_add(other.reasoning),
        }
    }
}
