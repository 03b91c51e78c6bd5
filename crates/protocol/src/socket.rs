//! Frames of the session socket `/v1/sessions/{id}/ws` (JSON text frames).

use serde::{Deserialize, Serialize};

use crate::{
    Event, PromptId, SessionId, UserId,
    runner::{Delta, PermissionReply},
    session::{Attachment, PromptMode, SessionStatus},
};

/// Client to server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ClientFrame {
    /// Send everything after event `after` (0 = from the start), then go on live.
    Subscribe {
        after: u64,
    },
    Prompt {
        /// Chosen by the client; the same id again is the same prompt.
        #[serde(default)]
        idempotency_key: Option<String>,
        text: String,
        #[serde(default)]
        attachments: Vec<Attachment>,
        #[serde(default)]
        model: Option<String>,
        #[serde(default)]
        mode: PromptMode,
    },
    Cancel {
        prompt_id: PromptId,
    },
    Interrupt,
    Permission {
        permission_id: String,
        reply: PermissionReply,
        #[serde(default)]
        message: Option<String>,
    },
    Answer {
        question_id: String,
        #[serde(default)]
        answers: Vec<Vec<String>>,
        #[serde(default)]
        rejected: bool,
    },
    Ping,
}

/// Somebody who looks at a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    pub user_id: UserId,
    /// Name for display.
    pub name: String,
}

/// Server to client.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SocketFrame {
    /// First frame: where the session stands.
    Hello {
        session_id: SessionId,
        status: SessionStatus,
        head: u64,
        version: String,
    },
    Event {
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        event: Event,
    },
    /// Ephemeral; superseded by the committed `message.text` of the same part.
    Delta {
        prompt_id: PromptId,
        delta: Delta,
    },
    /// Everything that was in the log at subscription has been sent; what follows is live.
    CaughtUp {
        head: u64,
    },
    /// Who looks at the session now: each person once, however many tabs, by name. Sent after `hello` and whenever
    /// somebody comes or goes.
    Presence {
        people: Vec<Person>,
    },
    /// The last client frame was not carried out. The socket stays open.
    Error {
        code: String,
        message: String,
        #[serde(default)]
        idempotency_key: Option<String>,
    },
    /// The last `prompt` frame was taken.
    Accepted {
        prompt_id: PromptId,
        #[serde(default)]
        idempotency_key: Option<String>,
    },
    Pong,
}
