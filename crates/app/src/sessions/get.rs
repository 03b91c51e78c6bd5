//! Shows a session, with why it is as it is.

use ::sessions::{SessionError, View};
use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use ports::StoreError;
use protocol::api::Session;

use super::{OwnSession, shown};
use crate::{App, AppError};

impl App {
    /// # Errors
    /// When policy does not allow it, or the session was deleted meanwhile.
    pub async fn get_session(&self, actor: &Actor, own: &OwnSession) -> Result<Session, AppError> {
        authorise(actor, Action::ReadSessions)?;
        self.show(own, self.sessions().view(own.id()).await).await
    }

    /// The same without waking it.
    ///
    /// # Errors
    /// As [`Self::get_session`].
    pub async fn glance_at_session(&self, actor: &Actor, own: &OwnSession) -> Result<Session, AppError> {
        authorise(actor, Action::ReadSessions)?;
        self.show(own, self.sessions().glance(own.id()).await).await
    }

    async fn show(&self, own: &OwnSession, view: Result<View, SessionError>) -> Result<Session, AppError> {
        match view {
            // What is known without it is shown: a person has to find out what is the matter.
            Err(SessionError::Store(StoreError::Corrupt(_))) => {
                let row = self.ports().catalog.lookup(own.id()).await?;
                row.map(|row| shown::damaged(&row))
                    .ok_or_else(|| AppError::not_found("session"))
            }
            view => shown::session(&view?),
        }
    }
}
