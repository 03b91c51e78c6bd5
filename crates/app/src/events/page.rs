//! One page of a session's events.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::api::EventPage;

use crate::{App, AppError, paging, sessions::OwnSession};

const DEFAULT_LIMIT: usize = 200;
const MAX_LIMIT: usize = 1000;

/// Which page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EventQuery {
    /// Events with a higher `seq`.
    pub after: u64,
    /// 1 to 1000; 200 when absent.
    pub limit: Option<u64>,
}

impl EventQuery {
    /// # Errors
    /// When the limit is out of range.
    pub fn limit(&self) -> Result<usize, AppError> {
        paging::limit(self.limit, DEFAULT_LIMIT, MAX_LIMIT)
    }
}

impl App {
    /// # Errors
    /// When policy, limit or cursor do not allow it.
    pub async fn list_events(
        &self,
        actor: &Actor,
        own: &OwnSession,
        query: EventQuery,
    ) -> Result<EventPage, AppError> {
        authorise(actor, Action::ReadSessions)?;
        let page = self
            .sessions()
            .events(own.id(), query.after, query.limit()?)
            .await?;
        Ok(EventPage {
            events: page.events,
            next_after: page.next_after,
            head: page.head,
        })
    }
}
