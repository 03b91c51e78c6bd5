//! Lists sessions.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use ports::catalog::SessionFilter;
use protocol::{
    UserId,
    api::{ListPage, SessionSummary},
    session::SessionStatus,
};

use super::shown;
use crate::{App, AppError, ListQuery, paging};

/// Longest text to search for, characters.
const MAX_SEARCH: usize = 200;

/// Which sessions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionQuery {
    pub status: Option<SessionStatus>,
    pub created_by: Option<UserId>,
    pub include_archived: bool,
    /// In title or repository, in whatever case; nothing but white space is no search.
    pub search: Option<String>,
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
        let search = query
            .search
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        if search.is_some_and(|text| text.chars().count() > MAX_SEARCH) {
            return Err(
                AppError::invalid("q", format!("`q` may have at most {MAX_SEARCH} characters."))
                    .limit(MAX_SEARCH as u64),
            );
        }
        let filter = SessionFilter {
            search: search.map(str::to_owned),
            status: query.status,
            created_by: query.created_by,
            include_reserved: false,
            include_archived: query.include_archived || query.status == Some(SessionStatus::Archived),
        };
        let (after, limit) = (query.page.after()?, query.page.limit()?);
        let page = self.ports().catalog.list(actor.org, filter, after, limit).await?;
        Ok(paging::shown(page, shown::summary))
    }
}
