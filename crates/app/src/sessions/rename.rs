//! Changes a session's title.

use domain::{
    policy::{Action, authorise},
    session::Command,
    tenancy::Actor,
};
use protocol::api::{Session, SessionPatch};

use super::{OwnSession, shown};
use crate::{App, AppError, IdempotencyKey, Outcome, text};

impl App {
    /// # Errors
    /// When policy, title or state do not allow it.
    pub async fn patch_session(
        &self,
        actor: &Actor,
        own: &OwnSession,
        body: SessionPatch,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<Session>, AppError> {
        authorise(actor, Action::DriveSession)?;
        let Some(title) = body.title else {
            return Err(AppError::invalid(
                "title",
                "Give a `title`; there is nothing else to change.",
            ));
        };
        let title = text::line("title", &title, 200)?;
        let done = self
            .drive(
                actor,
                own,
                Command::Rename {
                    title,
                    by: actor.author(),
                },
                key,
            )
            .await?;
        let session = shown::session(&self.sessions().view(own.id()).await?)?;
        Ok(Outcome {
            value: session,
            replayed: done.replayed,
        })
    }
}
