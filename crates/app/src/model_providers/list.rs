//! Lists model providers, without their keys.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::api::{ListPage, ModelProviderInfo};

use super::{OwnModelProvider, shown};
use crate::{App, AppError, ListQuery, paging};

impl App {
    /// Newest first.
    ///
    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn list_model_providers(
        &self,
        actor: &Actor,
        query: &ListQuery,
    ) -> Result<ListPage<ModelProviderInfo>, AppError> {
        authorise(actor, Action::ReadConfiguration)?;
        let rows = self.ports().tenants.list_model_providers(actor.org).await?;
        Ok(paging::shown(
            paging::cut(rows, query, |row| row.id.bits())?,
            shown,
        ))
    }

    /// One of them.
    ///
    /// # Errors
    /// When policy does not allow it.
    pub fn get_model_provider(
        &self,
        actor: &Actor,
        own: OwnModelProvider,
    ) -> Result<ModelProviderInfo, AppError> {
        authorise(actor, Action::ReadConfiguration)?;
        Ok(shown(own.row))
    }
}
