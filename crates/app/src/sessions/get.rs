//! Shows a session, with why it is as it is.

use domain::tenancy::{Action, Actor, authorise};
use protocol::api::Session;

use super::{OwnSession, shown};
use crate::{App, AppError};

impl App {
    /// # Errors
    /// When policy does not allow it, or the session was deleted meanwhile.
    pub async fn get_session(&self, actor: &Actor, own: &OwnSession) -> Result<Session, AppError> {
        authorise(actor, Action::ReadSessions)?;
        shown::session(&self.sessions().view(own.id()).await?)
    }
}
