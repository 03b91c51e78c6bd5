//! Deletes a model provider with its sealed key.

use domain::{policy::Action, tenancy::Actor};
use protocol::ModelProviderId;

use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, permit::Deed};

impl App {
    /// Sessions that use it fail their next model call with a stated reason. Taken by its id: a repeat with the
    /// same key is answered when the row is gone already.
    ///
    /// # Errors
    /// When policy does not allow it, or the organisation has no such provider.
    pub async fn delete_model_provider(
        &self,
        actor: &Actor,
        id: ModelProviderId,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        self.permit(
            actor,
            Action::Configure,
            Deed::new("model_provider.delete").on(id),
        )
        .await?;
        let entry = idempotency::entry(key, actor, &(), self.now())?;
        let tenants = &self.ports().tenants;
        let written = tenants.delete_model_provider(actor.org, id, entry).await?;
        idempotency::written(written, (), || AppError::not_found("model provider"))
    }
}
