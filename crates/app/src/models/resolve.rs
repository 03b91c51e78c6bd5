//! From `provider/model` to what a session needs, or to the reason why it cannot be used.

use domain::models::{DEMO_MODEL, DEMO_PROVIDER, ModelProvider, ModelRef, Price};
use protocol::{
    OrgId, ProblemCode,
    agent::{Dialect, ModelBinding},
};

use super::{binding, unspoken};
use crate::{App, AppError};

/// A model that can be used now.
#[derive(Debug, Clone)]
pub struct ResolvedModel {
    /// The provider's own name for it.
    pub name: String,
    pub binding: ModelBinding,
    /// `None` = the demo.
    pub provider: Option<ModelProvider>,
    pub price: Option<Price>,
}

impl App {
    /// Looks a model up for an organisation. There is no default: what is not named is not used.
    pub(crate) async fn resolve_model(&self, org: OrgId, model: &str) -> Result<ResolvedModel, AppError> {
        let unavailable =
            |detail: String| AppError::new(ProblemCode::ModelUnavailable, detail).field("model");
        let reference = ModelRef::parse(model).ok_or_else(|| {
            AppError::invalid(
                "model",
                "`model` must be `provider/model`, for example `openai/gpt-x`.",
            )
        })?;
        if reference.provider == DEMO_PROVIDER {
            if !self.settings().demo_enabled {
                return Err(unavailable(
                    "The demo model is switched off on this server.".into(),
                ));
            }
            if reference.model != DEMO_MODEL {
                return Err(unavailable(format!(
                    "The demo has one model: `{DEMO_PROVIDER}/{DEMO_MODEL}`."
                )));
            }
            return Ok(ResolvedModel {
                name: DEMO_MODEL.to_owned(),
                binding: binding(Dialect::OpenaiChat, None),
                provider: None,
                price: Some(Price {
                    input: 0,
                    output: 0,
                    cached: None,
                }),
            });
        }
        let provider =
            self.ports().tenants.find_model_provider(org, reference.provider).await?.ok_or_else(|| {
                unavailable(format!(
                    "This organisation has no model provider `{}`. Register one with POST /v1/model-providers.",
                    reference.provider
                ))
            })?;
        if let Some(reason) = unspoken(provider.dialect) {
            return Err(unavailable(reason));
        }
        let offer = provider.models.iter().find(|offer| offer.id == reference.model);
        if offer.is_none() && !provider.models.is_empty() {
            return Err(unavailable(format!(
                "The provider `{}` is limited to the models it lists, and `{}` is not one of them. See GET /v1/models.",
                reference.provider, reference.model
            )));
        }
        Ok(ResolvedModel {
            name: reference.model.to_owned(),
            binding: binding(provider.dialect, offer),
            price: offer.and_then(|offer| offer.price),
            provider: Some(provider),
        })
    }
}
