//! Takes runs out of the history, page after page, for as long as somebody reads.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use futures::{Stream, StreamExt as _, stream};
use ports::Page;
use protocol::run::RunRecord;

use super::RunQuery;
use crate::{App, AppError};

/// Runs read at once.
const PAGE: usize = 500;

impl App {
    /// Newest first; all of them when no limit is asked for. The first page is read before this returns, so that a
    /// history that does not answer is an answer of its own.
    ///
    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn export_runs(
        &self,
        actor: &Actor,
        query: &RunQuery,
    ) -> Result<impl Stream<Item = Result<Vec<RunRecord>, AppError>> + Send + use<>, AppError> {
        authorise(actor, Action::ReadRuns)?;
        let mut left = match query.page.limit {
            Some(_) => query.page.limit()?,
            None => usize::MAX,
        };
        let (org, filter) = (actor.org, query.which.filter());
        let history = self.ports().run_history.clone();
        let after = query.page.after()?;
        let first = history.list(org, filter.clone(), after, PAGE.min(left)).await?;
        left -= first.items.len().min(left);
        let rest = stream::try_unfold((first.next.clone(), left), move |(next, left)| {
            let (history, filter) = (history.clone(), filter.clone());
            async move {
                let Some(after) = next.filter(|_| left > 0) else {
                    return Ok(None);
                };
                let page: Page<RunRecord> = history.list(org, filter, Some(after), PAGE.min(left)).await?;
                let left = left - page.items.len().min(left);
                Ok(Some((page.items, (page.next, left))))
            }
        });
        Ok(stream::once(async move { Ok(first.items) }).chain(rest))
    }
}
