//! Stops a session's sandbox; workspace and home are kept.

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
    pub async fn hibernate_session(
        &self,
        actor: &Actor,
        own: &OwnSession,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        authorise(actor, Action::DriveSession)?;
        self.drive(actor, own, Command::Hibernate { by: actor.author() }, key)
            .await
    }
}
