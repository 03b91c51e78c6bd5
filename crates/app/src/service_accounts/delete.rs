//! Removes a service account and revokes its keys.

use domain::{policy::Action, tenancy::Actor};
use protocol::UserId;

use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, identity::Ended, permit::Deed};

impl App {
    /// What it made stays, with its name.
    ///
    /// # Errors
    /// When policy does not allow it or the organisation has no such account.
    pub async fn delete_service_account(
        &self,
        actor: &Actor,
        id: UserId,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        self.permit(
            actor,
            Action::ManageServiceAccounts,
            Deed::new("service_account.delete").on(id),
        )
        .await?;
        let now = self.now();
        let entry = idempotency::entry(key, actor, &(), now)?;
        let identity = &self.ports().identity;
        let keys = identity.list_api_keys_of(actor.org, id).await?;
        let written = identity.remove_service_account(actor.org, id, now, entry).await?;
        let outcome = idempotency::written(written, (), || AppError::not_found("service account"))?;
        for key in keys {
            self.tell_ended(Ended::Key(key.id));
        }
        Ok(outcome)
    }
}
