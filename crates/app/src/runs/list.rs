//! Lists runs.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use ports::run_history::RunFilter;
use protocol::{ApiKeyId, SessionId, Timestamp, UserId, api::ListPage, run::RunRecord};

use crate::{App, AppError, ListQuery, paging};

/// Which runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunSelection {
    pub session_id: Option<SessionId>,
    pub user_id: Option<UserId>,
    pub api_key_id: Option<ApiKeyId>,
    pub model: Option<String>,
    /// Ended at or after.
    pub from: Option<Timestamp>,
    /// Ended before.
    pub until: Option<Timestamp>,
}

impl RunSelection {
    pub(super) fn filter(&self) -> RunFilter {
        RunFilter {
            session: self.session_id,
            user: self.user_id,
            api_key: self.api_key_id,
            model: self.model.clone(),
            from: self.from,
            until: self.until,
        }
    }
}

/// Which runs, and which page of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunQuery {
    pub which: RunSelection,
    pub page: ListQuery,
}

impl App {
    /// Newest first.
    ///
    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn list_runs(&self, actor: &Actor, query: &RunQuery) -> Result<ListPage<RunRecord>, AppError> {
        authorise(actor, Action::ReadRuns)?;
        let (after, limit) = (query.page.after()?, query.page.limit()?);
        let history = &self.ports().run_history;
        let page = history
            .list(actor.org, query.which.filter(), after, limit)
            .await?;
        Ok(paging::shown(page, |run| run))
    }
}
