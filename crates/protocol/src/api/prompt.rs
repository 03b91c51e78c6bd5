//! Prompts: what is asked for, and what is shown.

use serde::{Deserialize, Serialize};

use crate::{
    MicroUsd, PromptId, Timestamp,
    session::{Attachment, AttachmentMeta, Author, PromptMode, PromptStatus, Tokens, TurnError},
};

/// Body of `POST /v1/sessions/{id}/prompts`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PromptCreate {
    /// At most 64 KiB; reaches the agent as it is.
    pub text: String,
    /// At most 8 MiB together, kept with the session.
    #[serde(
        default,
        deserialize_with = "super::or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub attachments: Vec<Attachment>,
    /// `provider/model` for this prompt; the session's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Where it goes: `queue` (default) after those that wait; `steer` before them, taken as soon as the running
    /// turn has ended; `interrupt` ends the running turn and runs next.
    #[serde(
        default,
        deserialize_with = "super::or_default",
        skip_serializing_if = "PromptMode::is_queue"
    )]
    pub mode: PromptMode,
}

/// A prompt was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PromptAccepted {
    pub id: PromptId,
    pub status: PromptStatus,
    /// 0 = next to run.
    pub position: u32,
}

/// A prompt as a list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PromptInfo {
    pub id: PromptId,
    pub status: PromptStatus,
    pub text: String,
    /// How it took its place in the queue.
    #[serde(default)]
    pub mode: PromptMode,
    pub attachments: Vec<AttachmentMeta>,
    /// The model it runs on; null when it has not started and named none.
    pub model: Option<String>,
    pub author: Author,
    pub queued_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub tokens: Option<Tokens>,
    pub cost_micro_usd: Option<MicroUsd>,
    /// Why it failed.
    pub error: Option<TurnError>,
    /// Why it was cancelled.
    pub cause: Option<String>,
    /// Its `prompt.queued` event.
    pub seq: u64,
}
