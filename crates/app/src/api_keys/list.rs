//! Lists API keys, without their texts.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::api::{ApiKeyInfo, ListPage};

use super::scope_words;
use crate::{
    App, AppError, ListQuery,
    paging::{cut, shown},
};

impl App {
    /// Newest first, revoked ones too.
    ///
    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn list_api_keys(
        &self,
        actor: &Actor,
        query: &ListQuery,
    ) -> Result<ListPage<ApiKeyInfo>, AppError> {
        authorise(actor, Action::ManageKeys)?;
        let keys = self.ports().identity.list_api_keys(actor.org).await?;
        Ok(shown(cut(keys, query, |key| key.id.bits())?, |key| ApiKeyInfo {
            id: key.id,
            name: key.name,
            user_id: key.user,
            hint: key.hint,
            scopes: scope_words(&key.scopes),
            created_at: key.created_at,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
            last_used_at: key.last_used_at,
        }))
    }
}
