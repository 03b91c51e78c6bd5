//! Deletes a session with everything of it: sandbox, workspace, home, log, runs, token.

use domain::{
    policy::{Action, authorise},
    session::Command,
    tenancy::Actor,
};
use ports::{StoreError, idempotency::Written};
use protocol::{ProblemCode, SessionId};

use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, permit::Deed};

/// Somebody else has the session's log now, and nothing was written.
fn is_fenced(error: &AppError) -> bool {
    let cause = error
        .cause
        .as_ref()
        .and_then(|cause| cause.downcast_ref::<StoreError>());
    matches!(cause, Some(StoreError::Fenced))
}

impl App {
    /// From now on it is gone for everybody; what it left is removed in the background, also after a crash.
    ///
    /// The session's own log, where its keys are kept, goes with it. So the catalogue notes the key first; it is
    /// asked only when the session is not there (any more).
    ///
    /// # Errors
    /// When policy does not allow it, or the organisation has no such session.
    pub async fn delete_session(
        &self,
        actor: &Actor,
        id: SessionId,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        let found = self.resolve_session(actor, id).await;
        // What is not theirs is not named in their audit log either.
        match &found {
            Err(error) if error.code == ProblemCode::NotFound => authorise(actor, Action::DeleteSession)?,
            _ => {
                self.permit(actor, Action::DeleteSession, Deed::new("session.delete").on(id))
                    .await?;
            }
        }
        let entry = idempotency::entry(key, actor, &(), self.now())?;
        let catalog = &self.ports().catalog;
        let own = match found {
            Err(error) if error.code == ProblemCode::NotFound => return self.gone(entry, error).await,
            own => own?,
        };
        if let Some(entry) = entry.clone()
            && catalog.remember(entry).await? == Written::Conflict
        {
            return Err(AppError::idempotency_conflict());
        }
        let command = Command::Delete {
            by: Some(actor.author()),
        };
        let mut done = self.drive(actor, &own, command.clone(), key).await;
        if done.as_ref().is_err_and(is_fenced) {
            // Its removal has begun, by another request or by itself: asked once more, the session says so.
            done = match self.resolve_session(actor, id).await {
                Ok(own) => self.drive(actor, &own, command, key).await,
                Err(error) => Err(error),
            };
        }
        match done {
            // Nobody can be asked any more.
            Err(error) if error.code == ProblemCode::LogCorrupt => {
                self.sessions().remove_damaged(own.id()).await?;
                Ok(Outcome::new(()))
            }
            // Removed since it was resolved.
            Err(error) if error.code == ProblemCode::NotFound => self.gone(entry, error).await,
            Err(error) => {
                self.note_failure(actor, Deed::new("session.delete").on(id), &error)
                    .await;
                Err(error)
            }
            done => done,
        }
    }

    /// The session is not there: by this very request, or `missing`.
    async fn gone(
        &self,
        entry: Option<ports::idempotency::IdempotencyEntry>,
        missing: AppError,
    ) -> Result<Outcome<()>, AppError> {
        let Some(entry) = entry else { return Err(missing) };
        match self.ports().catalog.recall(entry).await? {
            Written::Done | Written::Refused => Err(missing),
            known => idempotency::written(known, (), || missing),
        }
    }
}
