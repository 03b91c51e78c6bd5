//! Shows a session, with why it is as it is.

use ::sessions::SessionError;
use domain::tenancy::{Action, Actor, authorise};
use ports::StoreError;
use protocol::api::Session;

use super::{OwnSession, shown};
use crate::{App, AppError};

impl App {
    /// # Errors
    /// When policy does not allow it, or the session was deleted meanwhile.
    pub async fn get_session(&self, actor: &Actor, own: &OwnSession) -> Result<Session, AppError> {
        authorise(actor, Action::ReadSessions)?;
        match self.sessions().view(own.id()).await {
            // What is known without it is shown: a person has to find out what is the matter.
            Err(SessionError::Store(StoreError::Corrupt(_))) => Ok(shown::damaged(own.row())),
            view => shown::session(&view?),
        }
    }
}
