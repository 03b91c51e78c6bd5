//! The use cases as the model gateway wants them.

use app::{App, AppError, gateway::Usage};
use async_trait::async_trait;
use gateway::{Caller, Grant, GrantError, Grants, UsageNotRecorded, UsageReport, UsageSink};
use protocol::{ProblemCode, agent::Dialect};

use crate::problem::chain;

/// Grants from the use cases.
pub(crate) struct AppGrants {
    pub(crate) app: App,
}

#[async_trait]
impl Grants for AppGrants {
    async fn grant(&self, caller: Caller, credential: &str, dialect: Dialect) -> Result<Grant, GrantError> {
        let grant = self
            .app
            .grant(caller.session_id, caller.generation, credential, dialect)
            .await
            .map_err(|error| refused(&error))?;
        Ok(Grant {
            org: grant.org,
            prompt: grant.prompt_id,
            model: grant.model,
            upstream: grant.upstream,
            price: grant.price,
            max_output: Some(grant.max_output),
        })
    }
}

/// What a refusal means to an agent. Whether a session exists is nothing it may find out.
fn refused(error: &AppError) -> GrantError {
    if let Some(cause) = &error.cause {
        tracing::warn!(code = error.code.slug(), cause = %chain(cause.as_ref()), "no grant for a model call");
    }
    match error.code {
        ProblemCode::ModelUnavailable | ProblemCode::InvalidRequest => {
            GrantError::ModelUnavailable(error.detail.clone())
        }
        ProblemCode::Unauthenticated | ProblemCode::NotFound | ProblemCode::Conflict => {
            GrantError::Unauthorized
        }
        _ => GrantError::Unavailable,
    }
}

/// Usage into the session's log.
pub(crate) struct AppUsage {
    pub(crate) app: App,
}

#[async_trait]
impl UsageSink for AppUsage {
    async fn used(&self, report: UsageReport) -> Result<(), UsageNotRecorded> {
        let usage = Usage {
            session: report.session_id,
            generation: report.generation,
            provider: report.provider,
            model: report.model,
            tokens: report.tokens,
            cost: report.cost,
            source: report.source.as_str().to_owned(),
            duration_ms: report.duration_ms,
        };
        match self.app.record_usage(usage).await {
            Ok(()) => Ok(()),
            // The generation ended while its last call went on: there is no turn left to charge.
            Err(error) if matches!(error.code, ProblemCode::NotFound | ProblemCode::Conflict) => {
                tracing::info!(session.id = %report.session_id, code = error.code.slug(), "usage of an ended generation");
                Ok(())
            }
            Err(error) => Err(UsageNotRecorded(error.code.slug().to_owned())),
        }
    }
}
