//! Cancels a prompt that waits.

use domain::{
    policy::{Action, authorise},
    session::Command,
    tenancy::Actor,
};
use protocol::PromptId;

use crate::{
    App, AppError, IdempotencyKey, Outcome,
    sessions::{OwnSession, outcome},
};

impl App {
    /// # Errors
    /// When policy does not allow it, or the prompt does not wait (any more).
    pub async fn cancel_prompt(
        &self,
        actor: &Actor,
        own: &OwnSession,
        prompt_id: PromptId,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        authorise(actor, Action::DriveSession)?;
        let answer = self
            .command(
                actor,
                own,
                Command::Cancel {
                    prompt_id,
                    by: actor.author(),
                },
                key,
            )
            .await?;
        outcome(answer, |_| Some(()))
    }
}
