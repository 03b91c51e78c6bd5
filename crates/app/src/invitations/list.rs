//! Lists invitations, without their links.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::api::{InvitationInfo, ListPage};

use super::shown;
use crate::{App, AppError, ListQuery, paging};

impl App {
    /// Newest first; those that are over stay for a while.
    ///
    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn list_invitations(
        &self,
        actor: &Actor,
        query: &ListQuery,
    ) -> Result<ListPage<InvitationInfo>, AppError> {
        authorise(actor, Action::ManageMembers)?;
        let (limit, after) = (query.limit()?, query.after()?);
        let identity = &self.ports().identity;
        let page = identity.list_invitations(actor.org, after, limit).await?;
        let now = self.now();
        Ok(paging::shown(page, |invitation| shown(invitation, now)))
    }
}
