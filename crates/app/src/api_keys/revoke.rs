//! Revokes an API key.

use domain::{policy::Action, tenancy::Actor};
use protocol::ApiKeyId;

use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, identity::Ended, permit::Deed};

impl App {
    /// Whether the organisation has such a key, revoked or not.
    ///
    /// # Errors
    /// `not_found` for unknown and foreign ones alike.
    pub async fn resolve_api_key(&self, actor: &Actor, id: ApiKeyId) -> Result<(), AppError> {
        let keys = self.ports().identity.list_api_keys(actor.org).await?;
        let there = keys.iter().any(|key| key.id == id);
        there.then_some(()).ok_or_else(|| AppError::not_found("API key"))
    }

    /// From now on the key opens nothing. Revoking it again is fine.
    ///
    /// # Errors
    /// When policy does not allow it or the organisation has no such key.
    pub async fn revoke_api_key(
        &self,
        actor: &Actor,
        id: ApiKeyId,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        self.permit(actor, Action::ManageKeys, Deed::new("api_key.revoke").on(id))
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
