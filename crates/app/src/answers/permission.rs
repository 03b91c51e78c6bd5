//! Answers a permission request.

use domain::{
    policy::{Action, authorise},
    session::Command,
    tenancy::Actor,
};
use protocol::api::PermissionAnswer;

use crate::{
    App, AppError, IdempotencyKey, Outcome,
    sessions::{OwnSession, outcome},
};

const MAX_MESSAGE: usize = 8 * 1024;

impl App {
    /// # Errors
    /// When policy does not allow it, or the request does not wait for an answer (any more).
    pub async fn answer_permission(
        &self,
        actor: &Actor,
        own: &OwnSession,
        permission_id: String,
        body: PermissionAnswer,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        authorise(actor, Action::DriveSession)?;
        if body
            .message
            .as_ref()
            .is_some_and(|message| message.len() > MAX_MESSAGE)
        {
            return Err(AppError::invalid(
                "message",
                format!("`message` may have at most {MAX_MESSAGE} bytes."),
            )
            .limit(MAX_MESSAGE as u64));
        }
        let command = Command::AnswerPermission {
            permission_id,
            reply: body.reply,
            message: body.message,
            by: actor.author(),
        };
        outcome(self.command(actor, own, command, key).await?, |_| Some(()))
    }
}
