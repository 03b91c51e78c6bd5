//! Closes a session

use domain::{
    policy::{Action, authorise},
    session::Command,
    tenancy::Actor,
};

use super::OwnSession;
use crate::{App, AppError, IdempotencyKey, Outcome};

impl App {
    /// # Errors
    /// When policy or state do not allow it.
    pub async fn archive_session(
        &self,
        actor: &Actor,
        own: &OwnSession,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        authorise(actor, Action::ArchiveSession)?;
        self.drive(actor, own, Command::Archive { by: actor.author() }, key)
            .await
    }
}
