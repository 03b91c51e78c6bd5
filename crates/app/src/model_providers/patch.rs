//! Changes a model provider: a new key, another address, other models.

use domain::{policy::Action, tenancy::Actor};
use protocol::{
    ProblemCode,
    api::{ModelProviderInfo, ModelProviderPatch},
};
use secrecy::SecretString;

use super::{OwnModelProvider, check, key_binding, key_hint, shown};
use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, permit::Deed};

impl App {
    /// Running sessions use what is new from their next model call on.
    ///
    /// # Errors
    /// When policy or a field do not allow it. A new address needs a new key, so that a key never goes to an
    /// address it was not given for.
    pub async fn patch_model_provider(
        &self,
        actor: &Actor,
        own: OwnModelProvider,
        body: ModelProviderPatch,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<ModelProviderInfo>, AppError> {
        self.permit(
            actor,
            Action::Configure,
            Deed::new("model_provider.update").on(own.row.id),
        )
        .await?;
        let mut row = own.row;
        if let Some(base_url) = body.base_url {
            let base_url = self
                .check_base_url(&row.slug, row.dialect, base_url.as_deref())
                .await?;
            if base_url != row.base_url && body.api_key.is_none() {
                return Err(AppError::new(
                    ProblemCode::InvalidRequest,
                    "A new `base_url` needs the `api_key` for it, too: a stored key is not sent to another address.",
                )
                .field("api_key"));
            }
            row.base_url = base_url;
        }
        if let Some(models) = body.models {
            row.models = check::offers(models)?;
        }
        if let Some(secret) = body.api_key {
            check::api_key(secret.expose())?;
            row.key_hint = key_hint(secret.expose());
            let secret = SecretString::from(secret.expose());
            row.sealed_key = self
                .ports()
                .master_key
                .seal(&key_binding(row.org, row.id), &secret)
                .await?;
        }
        row.updated_at = self.now();
        let reply = shown(row.clone());
        let entry = idempotency::entry(key, actor, &reply, row.updated_at)?;
        let written = self.ports().tenants.update_model_provider(row, entry).await?;
        idempotency::written(written, reply, || AppError::not_found("model provider"))
    }
}
