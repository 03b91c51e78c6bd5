//! Lists runs.

use domain::tenancy::{Action, Actor, authorise};
use ports::run_history::RunFilter;
use protocol::{ApiKeyId, SessionId, Timestamp, UserId, api::ListPage, run::RunRecord};

use crate::{App, AppError, ListQuery, paging};

/// Which runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunQuery {
    pub session_id: Option<SessionId>,
    pub user_id: Option<UserId>,
    pub api_key_id: Option<ApiKeyId>,
    pub model: Option<String>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub page: ListQuery,
}

impl App {
    /// Newest first.
    ///
    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn list_runs(&self, actor: &Actor, query: &RunQuery) -> Result<ListPage<RunRecord>, AppError> {
        authorise(actor, Action::ReadRuns)?;
        let filter = RunFilter {
            session: query.session_id,
            user: query.user_id,
            api_key: query.api_key_id,
            model: query.model.clone(),
            from: query.from,
            until: query.until,
        };
        let (after, limit) = (query.page.after()?, query.page.limit()?);
        let page = self
            .ports()
            .run_history
            .list(actor.org, filter, after, limit)
            .await?;
        Ok(paging::shown(page, |run| run))
    }
}
