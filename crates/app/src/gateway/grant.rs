//! From a runner's credential to the provider its model call goes to.

use domain::models::{DEMO_PROVIDER, Price};
use ports::model_gateway::Upstream;
use protocol::{OrgId, ProblemCode, PromptId, SessionId, agent::Dialect};
use secrecy::SecretString;

use crate::{App, AppError};

/// Leave to make one model call.
#[derive(Debug, Clone)]
pub struct Grant {
    pub org: OrgId,
    pub session: SessionId,
    pub generation: u64,
    /// The turn in flight.
    pub prompt_id: Option<PromptId>,
    /// With the opened key: never logged, lives for this call.
    pub upstream: Upstream,
    /// The provider's own name of the model.
    pub model: String,
    pub price: Option<Price>,
    pub max_output: u64,
}

impl App {
    /// The model is that of the turn in flight, whatever the agent names.
    ///
    /// # Errors
    /// When the runner is not who it says, the provider is gone, or it speaks another dialect than the agent.
    pub async fn grant(
        &self,
        session: SessionId,
        generation: u64,
        secret: &str,
        dialect: Dialect,
    ) -> Result<Grant, AppError> {
        let context = self
            .sessions()
            .authenticate_runner(session, generation, secret)
            .await?;
        let model = self.resolve_model(context.org, &context.model).await?;
        if model.binding.dialect != dialect {
            return Err(AppError::new(
                ProblemCode::ModelUnavailable,
                format!(
                    "The session's model speaks `{}`, not `{}`.",
                    model.binding.dialect.as_str(),
                    dialect.as_str()
                ),
            ));
        }
        let upstream = match &model.provider {
            Some(provider) => {
                self.note_use(
                    context.org,
                    session,
                    generation,
                    "model_key.use",
                    &provider.id.to_string(),
                )
                .await?;
                Upstream {
                    provider: provider.slug.clone(),
                    dialect: provider.dialect,
                    base_url: provider.base_url.clone(),
                    api_key: self.open_provider_key(provider).await?,
                }
            }
            None => Upstream {
                provider: DEMO_PROVIDER.to_owned(),
                dialect,
                base_url: None,
                api_key: SecretString::from(""),
            },
        };
        Ok(Grant {
            org: context.org,
            session,
            generation,
            prompt_id: context.prompt_id,
            upstream,
            model: model.name,
            price: model.price,
            max_output: model.binding.max_output,
        })
    }
}
