//! Registers a model provider. Nothing upstream is called.

use domain::{models::ModelProvider, policy::Action, tenancy::Actor};
use protocol::{
    ModelProviderId, ProblemCode,
    api::{ModelProviderCreate, ModelProviderCreated},
};
use secrecy::SecretString;

use super::{check, key_binding, key_hint, shown};
use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, permit::Deed};

impl App {
    /// The key is sealed before anything is stored, and never shown again.
    ///
    /// # Errors
    /// When policy or a field do not allow it, or the organisation has a provider of this name.
    pub async fn add_model_provider(
        &self,
        actor: &Actor,
        body: ModelProviderCreate,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<ModelProviderCreated>, AppError> {
        self.permit(actor, Action::Configure, Deed::new("model_provider.create"))
            .await?;
        check::slug(&body.provider)?;
        check::api_key(body.api_key.expose())?;
        let models = check::offers(body.models)?;
        let base_url = self
            .check_base_url(&body.provider, body.api, body.base_url.as_deref())
            .await?;
        let now = self.now();
        let id = ModelProviderId::new(now.as_ms(), self.bits());
        let secret = SecretString::from(body.api_key.expose());
        let sealed_key = self
            .ports()
            .master_key
            .seal(&key_binding(actor.org, id), &secret)
            .await?;
        let row = ModelProvider {
            id,
            org: actor.org,
            slug: body.provider.clone(),
            dialect: body.api,
            base_url,
            sealed_key,
            key_hint: key_hint(body.api_key.expose()),
            models,
            created_at: now,
            updated_at: now,
        };
        let reply = shown(row.clone());
        let entry = idempotency::entry(key, actor, &reply, now)?;
        let written = self.ports().tenants.add_model_provider(row, entry).await?;
        idempotency::written(written, reply, || {
            AppError::new(
                ProblemCode::Conflict,
                format!(
                    "There is a provider `{}` already. Change it with PATCH, or delete it first.",
                    body.provider
                ),
            )
            .field("provider")
        })
    }
}
