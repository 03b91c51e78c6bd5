//! Deletes an environment. Sessions that exist keep the set-up they were made with.

use domain::{policy::Action, tenancy::Actor};
use protocol::EnvironmentId;

use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, permit::Deed};

impl App {
    /// Taken by its id: a repeat with the same key is answered when the row is gone already.
    ///
    /// # Errors
    /// When policy does not allow it, or the organisation has no such environment.
    pub async fn delete_environment(
        &self,
        actor: &Actor,
        id: EnvironmentId,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        self.permit(actor, Action::Configure, Deed::new("environment.delete").on(id))
            .await?;
        let entry = idempotency::entry(key, actor, &(), self.now())?;
        let tenants = &self.ports().tenants;
        let written = tenants.delete_environment(actor.org, id, entry).await?;
        let outcome = idempotency::written(written, (), || AppError::not_found("environment"))?;
        self.tell_environment(actor, id, "deleted", None).await;
        Ok(outcome)
    }
}
