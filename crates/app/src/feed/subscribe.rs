//! Everything after an event, then live.

use ::sessions::{FeedPlace, FeedReader};
use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};

use crate::{App, AppError};

const AUDIT: &str = "audit.event";

impl App {
    /// `after`: `None` = from the oldest that is kept.
    ///
    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn follow_org_events(&self, actor: &Actor, after: Option<u64>) -> Result<FeedReader, AppError> {
        authorise(actor, Action::ReadSessions)?;
        let mut reader = self.sessions().feed().follow(actor.org, after).await?;
        reader.hold_back(self.held_back(actor));
        Ok(reader)
    }

    /// The type of event that this actor does not get to see, if there is one.
    #[must_use]
    pub fn held_back(&self, actor: &Actor) -> Option<&'static str> {
        (!self.may_read_audit(actor)).then_some(AUDIT)
    }

    /// Where the feed stands.
    ///
    /// # Errors
    /// When policy does not allow it.
    pub async fn org_events_place(&self, actor: &Actor) -> Result<FeedPlace, AppError> {
        authorise(actor, Action::ReadSessions)?;
        let page = self.sessions().feed().page(actor.org, None, 1).await?;
        Ok(FeedPlace {
            head: page.head,
            oldest: page.oldest,
        })
    }
}
