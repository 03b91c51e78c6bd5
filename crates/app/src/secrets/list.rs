//! Lists secrets by name, without what they hold.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::{
    EnvironmentId,
    api::{ListPage, SecretInfo, SecretScope},
};

use super::{OwnSecret, shown};
use crate::{App, AppError, ListQuery, paging};

impl App {
    /// All scopes, newest first; with `environment` those of that one alone.
    ///
    /// # Errors
    /// When policy or cursor do not allow it, or the organisation has no such environment.
    pub async fn list_secrets(
        &self,
        actor: &Actor,
        environment: Option<EnvironmentId>,
        query: &ListQuery,
    ) -> Result<ListPage<SecretInfo>, AppError> {
        authorise(actor, Action::ReadSecrets)?;
        let mut rows = self.ports().tenants.list_secrets(actor.org).await?;
        if let Some(id) = environment {
            let id = self.resolve_environment(actor, id).await?.row.id;
            rows.retain(|row| row.scope == SecretScope::EnvironmentId(id));
        }
        Ok(paging::shown(
            paging::cut(rows, query, |row| row.id.bits())?,
            shown,
        ))
    }

    /// One of them.
    ///
    /// # Errors
    /// When policy does not allow it.
    pub fn get_secret(&self, actor: &Actor, own: OwnSecret) -> Result<SecretInfo, AppError> {
        authorise(actor, Action::ReadSecrets)?;
        Ok(shown(own.row))
    }
}
