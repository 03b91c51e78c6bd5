//! Deletes a session with everything of it: sandbox, workspace, home, log, runs, token.

use domain::{
    session::Command,
    tenancy::{Action, Actor, authorise},
};

use super::OwnSession;
use crate::{App, AppError, IdempotencyKey, Outcome};

impl App {
    /// From now on it is gone for everybody; what it left is removed in the background, also after a crash.
    ///
    /// # Errors
    /// When policy does not allow it.
    pub async fn delete_session(
        &self,
        actor: &Actor,
        own: &OwnSession,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        authorise(actor, Action::DeleteSession)?;
        self.drive(actor, own, Command::Delete { by: actor.author() }, key)
            .await
    }
}
