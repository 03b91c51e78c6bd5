//! Gives a session a prompt.

use domain::{
    policy::{Action, authorise},
    session::{Command, Reply},
    tenancy::Actor,
};
use protocol::{
    api::{PromptAccepted, PromptCreate},
    session::PromptStatus,
};

use super::{PromptParts, attached, check};
use crate::{
    App, AppError, IdempotencyKey, Outcome,
    sessions::{OwnSession, outcome},
};

impl App {
    /// # Errors
    /// When policy, text, attachments, model or the queue do not allow it.
    pub async fn enqueue_prompt(
        &self,
        actor: &Actor,
        own: &OwnSession,
        body: PromptCreate,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<PromptAccepted>, AppError> {
        authorise(actor, Action::DriveSession)?;
        check::check_text("text", &body.text)?;
        check::attachments(&body.attachments)?;
        let attached = attached(&body.attachments);
        self.check_storage(own.org(), attached + body.text.len() as u64)
            .await?;
        self.check_turn(own).await?;
        let model = body.model.unwrap_or_else(|| own.model().to_owned());
        let binding = self.resolve_model(actor.org, &model).await?.binding;
        let parts = PromptParts {
            text: body.text,
            attachments: body.attachments,
            model,
            binding,
            mode: body.mode,
        };
        let prompt = Box::new(self.prompt(actor, parts));
        let answer = self.command(actor, own, Command::Enqueue(prompt), key).await?;
        outcome(answer, |reply| match reply {
            Reply::Queued { prompt_id, position } => Some(PromptAccepted {
                id: prompt_id,
                status: PromptStatus::Queued,
                position,
            }),
            Reply::Done | Reply::Artifact { .. } | Reply::Welcome { .. } | Reply::Acked { .. } => None,
        })
    }
}
