//! Lists API keys, without their texts.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::api::{ApiKeyInfo, ListPage};

use super::shown as show;
use crate::{
    App, AppError, ListQuery,
    paging::{cut, shown},
};

impl App {
    /// Newest first, revoked ones too: to those who manage all keys all of them, to others their own.
    ///
    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn list_api_keys(
        &self,
        actor: &Actor,
        query: &ListQuery,
    ) -> Result<ListPage<ApiKeyInfo>, AppError> {
        authorise(actor, Action::ManageOwnKeys)?;
        let identity = &self.ports().identity;
        let keys = if authorise(actor, Action::ManageKeys).is_ok() {
            identity.list_api_keys(actor.org).await?
        } else {
            identity.list_api_keys_of(actor.org, actor.user).await?
        };
        Ok(shown(cut(keys, query, |key| key.id.bits())?, show))
    }
}
