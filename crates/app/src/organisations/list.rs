//! The organisations of a caller, and one of them.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::api::{ListPage, OrganisationInfo};

use super::{info, shown};
use crate::{App, AppError, ListQuery, paging};

impl App {
    /// Where the actor belongs, newest first. A key sees its own organisation alone: it is tied to it.
    ///
    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn list_organisations(
        &self,
        actor: &Actor,
        query: &ListQuery,
    ) -> Result<ListPage<OrganisationInfo>, AppError> {
        authorise(actor, Action::ReadOrganisation)?;
        let mut all = self.ports().identity.list_memberships(actor.user).await?;
        all.retain(|membership| actor.api_key.is_none() || membership.organisation.id == actor.org);
        let page = paging::cut(all, query, |membership| membership.organisation.id.bits())?;
        Ok(paging::shown(page, shown))
    }

    /// The actor's organisation.
    ///
    /// # Errors
    /// When policy does not allow it.
    pub async fn get_organisation(&self, actor: &Actor) -> Result<OrganisationInfo, AppError> {
        authorise(actor, Action::ReadOrganisation)?;
        Ok(info(self.organisation_of(actor).await?, actor.role))
    }
}
