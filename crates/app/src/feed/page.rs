//! One page of the feed.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::org_event::OrgEventPage;

use crate::{App, AppError, paging};

const DEFAULT_LIMIT: usize = 200;
const MAX_LIMIT: usize = 1000;

/// Which page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FeedQuery {
    /// Events with a higher `seq`; from the oldest that is kept when absent.
    pub after: Option<u64>,
    /// 1 to 1000; 200 when absent.
    pub limit: Option<u64>,
}

impl FeedQuery {
    /// # Errors
    /// When the limit is out of range.
    pub fn limit(&self) -> Result<usize, AppError> {
        paging::limit(self.limit, DEFAULT_LIMIT, MAX_LIMIT)
    }
}

impl App {
    /// # Errors
    /// When policy, limit or cursor do not allow it.
    pub async fn list_org_events(&self, actor: &Actor, query: FeedQuery) -> Result<OrgEventPage, AppError> {
        authorise(actor, Action::ReadSessions)?;
        let feed = self.sessions().feed();
        let mut page = feed.page(actor.org, query.after, query.limit()?).await?;
        // The cursor goes on behind what is held back.
        if let Some(kind) = self.held_back(actor) {
            page.events.retain(|event| event.body.kind() != kind);
        }
        Ok(page)
    }

    /// What the teller of this process has done.
    #[must_use]
    pub fn feed_figures(&self) -> ::sessions::FeedFigures {
        self.sessions().feed().figures()
    }
}
