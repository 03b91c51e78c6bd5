//! Model providers that an organisation brings with its own keys.

mod add;
mod check;
mod delete;
mod list;
mod patch;
mod test;

use domain::{
    models::{ModelOffer, ModelProvider, Price},
    sealed::Binding,
    tenancy::Actor,
};
use ports::master_key::KeyError;
use protocol::{
    ModelProviderId, OrgId, ProblemCode,
    api::{ModelOfferInput, ModelPrice, ModelProviderInfo},
};

use secrecy::SecretString;

use crate::{App, AppError};

/// A provider that is known to belong to the actor's organisation. Only [`App::resolve_model_provider`] makes one.
#[derive(Debug, Clone)]
pub struct OwnModelProvider {
    row: ModelProvider,
}

impl App {
    /// The provider, if it is the actor's organisation's.
    ///
    /// # Errors
    /// `not_found` for unknown and foreign ones alike.
    pub async fn resolve_model_provider(
        &self,
        actor: &Actor,
        id: ModelProviderId,
    ) -> Result<OwnModelProvider, AppError> {
        let row = self.ports().tenants.lookup_model_provider(actor.org, id).await?;
        row.filter(|row| row.org == actor.org)
            .map(|row| OwnModelProvider { row })
            .ok_or_else(|| AppError::not_found("model provider"))
    }
}

/// What a provider's sealed key is bound to.
pub(crate) fn key_binding(org: OrgId, id: ModelProviderId) -> Binding {
    Binding {
        org,
        row: id.to_string(),
        purpose: "model_key",
    }
}

impl App {
    /// The provider's key, for the length of one call.
    pub(crate) async fn open_provider_key(&self, provider: &ModelProvider) -> Result<SecretString, AppError> {
        let binding = key_binding(provider.org, provider.id);
        self.ports()
            .master_key
            .open(&binding, &provider.sealed_key)
            .await
            .map_err(|error| match error {
                KeyError::DoesNotOpen => AppError::new(
                    ProblemCode::ModelUnavailable,
                    format!(
                        "The stored key of `{}` does not open with this server's master key. Enter it again: \
                     PATCH /v1/model-providers/{} with `api_key`.",
                        provider.slug, provider.id
                    ),
                )
                .cause(error),
                KeyError::Unavailable(_) | KeyError::Shredded => error.into(),
            })
    }
}

/// Last characters of a key, unless that would be most of it.
fn key_hint(key: &str) -> String {
    let tail: String = key
        .chars()
        .rev()
        .take(4)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    if key.len() >= 12 {
        format!("…{tail}")
    } else {
        "…".to_owned()
    }
}

pub(crate) fn shown_price(price: Price) -> ModelPrice {
    ModelPrice {
        input: price.input,
        output: price.output,
        cached: price.cached,
    }
}

fn shown(row: ModelProvider) -> ModelProviderInfo {
    ModelProviderInfo {
        id: row.id,
        provider: row.slug,
        api: row.dialect,
        base_url: row.base_url,
        key_hint: row.key_hint,
        models: row
            .models
            .into_iter()
            .map(|offer: ModelOffer| ModelOfferInput {
                id: offer.id,
                context: offer.context,
                max_output: offer.max_output,
                price: offer.price.map(shown_price),
            })
            .collect(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
