//! Deletes a secret.

use domain::{policy::Action, tenancy::Actor};
use protocol::SecretId;

use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, permit::Deed};

impl App {
    /// Sandboxes that run keep what they were given. Taken by its id: a repeat with the same key is answered when the
    /// row is gone already.
    ///
    /// # Errors
    /// When policy does not allow it, or the organisation has no such secret.
    pub async fn delete_secret(
        &self,
        actor: &Actor,
        id: SecretId,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        self.permit(actor, Action::ManageSecrets, Deed::new("secret.delete").on(id))
            .await?;
        let entry = idempotency::entry(key, actor, &(), self.now())?;
        let written = self.ports().tenants.delete_secret(actor.org, id, entry).await?;
        idempotency::written(written, (), || AppError::not_found("secret"))
    }
}
