//! Lists service accounts.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::api::{ListPage, ServiceAccount};

use super::shown as show;
use crate::{
    App, AppError, ListQuery,
    paging::{cut, shown},
};

impl App {
    /// Newest first. Whoever sees the members sees these.
    ///
    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn list_service_accounts(
        &self,
        actor: &Actor,
        query: &ListQuery,
    ) -> Result<ListPage<ServiceAccount>, AppError> {
        authorise(actor, Action::ReadMembers)?;
        let accounts = self.ports().identity.list_service_accounts(actor.org).await?;
        Ok(shown(cut(accounts, query, |account| account.id.bits())?, show))
    }
}
