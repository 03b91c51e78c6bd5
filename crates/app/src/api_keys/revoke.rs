//! Revokes an API key.

use domain::{policy::Action, tenancy::Actor};
use protocol::ApiKeyId;

use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, identity::Ended, permit::Deed};

impl App {
    /// From now on the key opens nothing. Revoking it again is fine.
    ///
    /// # Errors
    /// When policy does not allow it or there is no such key for the actor.
    pub async fn revoke_api_key(
        &self,
        actor: &Actor,
        id: ApiKeyId,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        // What is not theirs to see is not named in their audit log either.
        self.resolve_api_key(actor, id).await?;
        self.permit(actor, Action::ManageOwnKeys, Deed::new("api_key.revoke").on(id))
            .await?;
        let now = self.now();
        let entry = idempotency::entry(key, actor, &(), now)?;
        let identity = &self.ports().identity;
        let written = identity.revoke_api_key(actor.org, id, now, entry).await?;
        let outcome = idempotency::written(written, (), || AppError::not_found("API key"))?;
        self.tell_ended(Ended::Key(id));
        Ok(outcome)
    }
}
