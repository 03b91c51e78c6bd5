//! The organisations of a caller, and one of them.

use domain::{
    policy::{Action, authorise},
    sign_in::Membership,
    tenancy::Actor,
};
use protocol::api::{ListPage, OrganisationInfo};

use super::{info, shown};
use crate::{App, AppError, Browser, ListQuery, paging};

impl App {
    /// Where a person belongs, newest first. Everybody may know that of themselves.
    ///
    /// # Errors
    /// When the cursor is not valid.
    pub fn list_own_organisations(
        &self,
        browser: &Browser,
        query: &ListQuery,
    ) -> Result<ListPage<OrganisationInfo>, AppError> {
        page(browser.memberships().to_vec(), query)
    }

    /// A key's own organisation: it is tied to it.
    ///
    /// # Errors
    /// When the cursor is not valid, or the store does not answer.
    pub async fn list_key_organisations(
        &self,
        actor: &Actor,
        query: &ListQuery,
    ) -> Result<ListPage<OrganisationInfo>, AppError> {
        authorise(actor, Action::ReadOrganisation)?;
        let membership = Membership {
            organisation: self.organisation_of(actor).await?,
            role: actor.role,
        };
        page(vec![membership], query)
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

fn page(all: Vec<Membership>, query: &ListQuery) -> Result<ListPage<OrganisationInfo>, AppError> {
    let position = |membership: &Membership| membership.organisation.id.bits();
    Ok(paging::shown(paging::cut(all, query, position)?, shown))
}
