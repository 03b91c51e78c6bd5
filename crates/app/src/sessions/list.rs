//! Lists sessions.

use domain::tenancy::{Action, Actor, authorise};
use ports::catalog::SessionFilter;
use protocol::{
    UserId,
    api::{ListPage, SessionSummary},
    session::SessionStatus,
};

use super::shown;
use crate::{App, AppError, ListQuery, paging};

/// Which sessions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionQuery {
    pub status: Option<SessionStatus>,
    pub created_by: Option<UserId>,
    pub include_archived: bool,
    pub page: ListQuery,
}

impl App {
    /// Newest first; archived ones only when asked for.
    ///
    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn list_sessions(
        &self,
        actor: &Actor,
        query: &SessionQuery,
    ) -> Result<ListPage<SessionSummary>, AppError> {
        authorise(actor, Action::ReadSessions)?;
        let filter = SessionFilter {
            status: query.status,
            created_by: query.created_by,
            include_archived: query.include_archived || query.status == Some(SessionStatus::Archived),
        };
        let (after, limit) = (query.page.after()?, query.page.limit()?);
        let page = self.ports().catalog.list(actor.org, filter, after, limit).await?;
        Ok(paging::shown(page, shown::summary))
    }
}
