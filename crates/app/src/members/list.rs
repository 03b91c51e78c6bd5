//! Lists members.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::api::{ListPage, MemberInfo};

use super::shown;
use crate::{App, AppError, ListQuery, paging};

impl App {
    /// The newest account first.
    ///
    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn list_members(
        &self,
        actor: &Actor,
        query: &ListQuery,
    ) -> Result<ListPage<MemberInfo>, AppError> {
        authorise(actor, Action::ReadMembers)?;
        let (limit, after) = (query.limit()?, query.after()?);
        let page = self
            .ports()
            .identity
            .list_members(actor.org, after, limit)
            .await?;
        Ok(paging::shown(page, shown))
    }
}
