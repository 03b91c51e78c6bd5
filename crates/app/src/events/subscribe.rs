//! Everything after an event, then live.

use ::sessions::Subscription;
use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};

use crate::{App, AppError, sessions::OwnSession};

impl App {
    /// Whether the actor may open a socket at all: it tells who is there, and how much, before anything is asked.
    ///
    /// # Errors
    /// When policy does not allow it.
    pub fn may_follow(&self, actor: &Actor) -> Result<(), AppError> {
        Ok(authorise(actor, Action::ReadSessions)?)
    }

    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn subscribe(
        &self,
        actor: &Actor,
        own: &OwnSession,
        after: u64,
    ) -> Result<Subscription, AppError> {
        authorise(actor, Action::ReadSessions)?;
        Ok(self.sessions().subscribe(own.id(), after).await?)
    }
}
