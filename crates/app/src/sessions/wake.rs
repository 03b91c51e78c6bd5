//! Starts a session's sandbox before there is a prompt for it.

use domain::{
    policy::{Action, authorise},
    session::Command,
    tenancy::Actor,
};

use super::OwnSession;
use crate::{App, AppError, IdempotencyKey, Outcome};

impl App {
    /// # Errors
    /// When policy, a quota or state do not allow it.
    pub async fn wake_session(
        &self,
        actor: &Actor,
        own: &OwnSession,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        authorise(actor, Action::DriveSession)?;
        self.check_wake(own).await?;
        self.drive(actor, own, Command::Wake { by: actor.author() }, key)
            .await
    }
}
