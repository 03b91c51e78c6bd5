//! Who calls, and what that allows.

use async_trait::async_trait;
use domain::models::Price;
use ports::model_gateway::Upstream;
use protocol::{OrgId, PromptId, SandboxId, SessionId, agent::Dialect};

/// The sandbox a request came out of, as the transport knows it (not as the sandbox says).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub session_id: SessionId,
    pub sandbox_id: SandboxId,
    pub generation: u64,
}

/// What a call may use. The provider's key in it was opened just before and lives as long as the call.
#[derive(Debug, Clone)]
pub struct Grant {
    pub org: OrgId,
    /// The prompt being worked on, where there is one.
    pub prompt: Option<PromptId>,
    /// The real name of the model.
    pub model: String,
    pub upstream: Upstream,
    pub price: Option<Price>,
    /// A larger output limit of the agent is lowered to this.
    pub max_output: Option<u64>,
}

/// Why a call gets nothing. The texts go to the agent, and from there to a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// No such credential, or of another generation.
    #[error("the gateway credential is not valid for this sandbox")]
    Unauthorized,
    /// The session's provider or model is not there any more, or speaks another dialect.
    #[error("the model is not available: {0}")]
    ModelUnavailable(String),
    #[error("the budget is used up: {0}")]
    BudgetExhausted(String),
    #[error("too many requests; try again in {retry_after_s} s")]
    RateLimited { retry_after_s: u64 },
    /// The server can't tell just now.
    #[error("the gateway is not available for a moment")]
    Unavailable,
}

/// Exchanges a credential for a grant.
#[async_trait]
pub trait Grants: Send + Sync {
    async fn grant(&self, caller: Caller, credential: &str, dialect: Dialect) -> Result<Grant, GrantError>;
}
