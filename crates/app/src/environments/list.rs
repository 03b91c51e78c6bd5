//! Lists environments, and shows one.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::api::{Environment, ListPage};

use super::{OwnEnvironment, shown};
use crate::{App, AppError, ListQuery, paging};

impl App {
    /// Newest first.
    ///
    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn list_environments(
        &self,
        actor: &Actor,
        query: &ListQuery,
    ) -> Result<ListPage<Environment>, AppError> {
        authorise(actor, Action::ReadConfiguration)?;
        let rows = self.ports().tenants.list_environments(actor.org).await?;
        Ok(paging::shown(
            paging::cut(rows, query, |row| row.id.bits())?,
            shown,
        ))
    }

    /// One of them.
    ///
    /// # Errors
    /// When policy does not allow it.
    pub fn get_environment(&self, actor: &Actor, own: OwnEnvironment) -> Result<Environment, AppError> {
        authorise(actor, Action::ReadConfiguration)?;
        Ok(shown(own.row))
    }
}
