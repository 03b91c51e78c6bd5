//! Sessions: what is asked for, and what is shown.

use serde::{Deserialize, Serialize};

use super::Secret;
use crate::{
    EnvironmentId, MicroUsd, PromptId, SandboxId, SessionId, Timestamp,
    keeper::Isolation,
    session::{Attachment, Author, ImportedFrom, PermissionMode, Repository, SessionStatus, Tokens, Why},
};

/// Body of `POST /v1/sessions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionCreate {
    /// One of `GET /v1/agents`, for example `opencode`.
    pub agent: String,
    /// `provider/model`; the provider is the part before the first `/`. There is no default.
    pub model: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<RepositoryInput>,
    /// Its `setup` runs after the clone. Not together with `setup`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment_id: Option<EnvironmentId>,
    /// Commands that run after the clone, at most 64. Not together with `environment_id`.
    #[serde(
        default,
        deserialize_with = "super::or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub setup: Vec<String>,
    /// At most 200 characters. Without one, the first line of the first prompt becomes the title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// First prompt, at most 64 KiB; reaches the agent as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// Files for the first prompt, at most 8 MiB together.
    #[serde(
        default,
        deserialize_with = "super::or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub attachments: Vec<Attachment>,
    /// `allow` (tools run unasked, the sandbox is the boundary) or `ask`.
    #[serde(default, deserialize_with = "super::or_default")]
    pub permissions: PermissionMode,
}

/// A repository with, if it is private, the token that reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RepositoryInput {
    /// `https://` URL of a git repository, without user info.
    pub url: String,
    /// Branch, tag or commit; the default branch when absent.
    #[serde(default, rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Write-only: sealed at rest, used for this repository's host alone, deleted with the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Secret>,
}

impl RepositoryInput {
    /// The part that may be shown.
    #[must_use]
    pub fn public(&self) -> Repository {
        Repository {
            url: self.url.clone(),
            reference: self.reference.clone(),
        }
    }
}

/// Body of `PATCH /v1/sessions/{id}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionPatch {
    /// 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// A session in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    pub id: SessionId,
    pub status: SessionStatus,
    pub title: Option<String>,
    pub agent: String,
    pub model: String,
    pub repository: Option<Repository>,
    pub environment_id: Option<EnvironmentId>,
    /// Commands that run after the clone.
    pub setup: Vec<String>,
    pub permissions: PermissionMode,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub created_by: Author,
    pub tokens: Tokens,
    /// Null when the price of a model that was used is not known.
    pub cost_micro_usd: Option<MicroUsd>,
    /// Why it is in its status, and what happens next by itself.
    pub why: Why,
    /// Prompts that wait, next one first.
    pub queue: Vec<PromptId>,
    pub running_prompt_id: Option<PromptId>,
    pub pending: PendingRequests,
    pub sandbox: Option<SandboxInfo>,
    /// `seq` of the last event.
    pub head: u64,
    /// Finished turns whose run record is not in the run history yet.
    #[serde(default)]
    pub runs_pending: u64,
    /// Where it lived before it was brought here as a bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported_from: Option<ImportedFrom>,
}

/// What waits for a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PendingRequests {
    pub permissions: Vec<String>,
    pub questions: Vec<String>,
}

/// The sandbox of a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SandboxInfo {
    pub id: SandboxId,
    pub generation: u64,
    pub phase: SandboxPhase,
    /// Which isolation it got; null until it runs.
    pub isolation: Option<Isolation>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SandboxPhase {
    /// Asked for; no contact yet.
    Starting,
    /// Workspace and agent are being prepared.
    Preparing,
    /// A prompt can run.
    Ready,
    Stopping,
}

/// A session as a list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionSummary {
    pub id: SessionId,
    pub status: SessionStatus,
    pub title: Option<String>,
    pub agent: String,
    pub model: String,
    pub repository: Option<Repository>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub created_by: Author,
    pub tokens: Tokens,
    pub cost_micro_usd: Option<MicroUsd>,
    /// How much waits for a person.
    pub pending: PendingCounts,
    /// Prompts that wait.
    pub queued: u64,
    /// Why it is in its status, as of its last change.
    pub why: WhyInShort,
}

/// How many requests wait for a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PendingCounts {
    pub permissions: u64,
    pub questions: u64,
}

/// The words of [`Why`] that a list shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhyInShort {
    /// Stable word for the cause.
    pub cause: String,
    /// The same in words, for a person.
    pub message: String,
}
