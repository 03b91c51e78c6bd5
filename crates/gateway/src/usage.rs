//! What a call used.

use async_trait::async_trait;
use protocol::{MicroUsd, OrgId, PromptId, SandboxId, SessionId, session::Tokens};

/// One call that reached a provider and got an answer (or lost it on the way).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageReport {
    pub org: OrgId,
    pub session_id: SessionId,
    pub sandbox_id: SandboxId,
    pub generation: u64,
    pub prompt: Option<PromptId>,
    pub provider: String,
    pub model: String,
    pub tokens: Tokens,
    /// `None` when the price is unknown.
    pub cost: Option<MicroUsd>,
    pub source: UsageSource,
    pub duration_ms: u64,
    pub status: CallStatus,
}

/// Where the counts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsageSource {
    /// The provider said so.
    Metered,
    /// Nobody said; four bytes a token.
    Estimated,
}

impl UsageSource {
    /// The word used in events.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Metered => "metered",
            Self::Estimated => "estimated",
        }
    }
}

/// How the call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallStatus {
    Completed,
    /// The provider's answer broke off.
    Interrupted,
    /// The sandbox hung up.
    Abandoned,
}

/// The usage could not be written down; the answer is cut off rather than given away.
#[derive(Debug, Clone, thiserror::Error)]
#[error("usage could not be recorded: {0}")]
pub struct UsageNotRecorded(pub String);

/// Takes what calls used. It returns when the report is durable.
#[async_trait]
pub trait UsageSink: Send + Sync {
    async fn used(&self, report: UsageReport) -> Result<(), UsageNotRecorded>;
}
