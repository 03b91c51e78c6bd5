//! Sessions: the one resolver, and what can be done with what it resolved.

mod archive;
mod create;
mod delete;
mod get;
mod hibernate;
mod interrupt;
mod list;
mod rename;
pub(crate) mod shown;
mod wake;

use ::sessions::Answer;
use domain::{
    session::{Command, Reply},
    tenancy::Actor,
};
use protocol::{OrgId, SessionId, UserId};

use crate::{App, AppError, IdempotencyKey, Outcome};

pub(crate) use create::token_binding;
pub use list::SessionQuery;

/// A session that is known to belong to the actor's organisation. Only the resolver makes one, so a use case that
/// takes it cannot be reached with what is foreign.
///
/// Small, because each open socket holds one.
#[derive(Debug, Clone)]
pub struct OwnSession {
    id: SessionId,
    org: OrgId,
    created_by: UserId,
    model: Box<str>,
}

impl OwnSession {
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.id
    }

    pub(crate) fn org(&self) -> OrgId {
        self.org
    }

    /// Who made it.
    pub(crate) fn created_by(&self) -> UserId {
        self.created_by
    }

    /// `provider/model` that its prompts use unless they name another.
    pub(crate) fn model(&self) -> &str {
        &self.model
    }
}

impl App {
    /// The one resolver: the session, if it is the actor's organisation's.
    ///
    /// # Errors
    /// `not_found` for unknown and foreign ones alike.
    pub async fn resolve_session(&self, actor: &Actor, id: SessionId) -> Result<OwnSession, AppError> {
        let row = self.ports().catalog.lookup(id).await?;
        row.filter(|row| row.org == actor.org)
            .map(|row| OwnSession {
                id: row.id,
                org: row.org,
                created_by: row.created_by,
                model: row.model.into(),
            })
            .ok_or_else(|| AppError::not_found("session"))
    }

    /// Gives a command that answers nothing but that it was done.
    async fn drive(
        &self,
        actor: &Actor,
        own: &OwnSession,
        command: Command,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        let answer = self.command(actor, own, command, key).await?;
        Ok(Outcome {
            value: (),
            replayed: matches!(answer, Answer::Replayed(_)),
        })
    }

    /// Gives a command; its idempotency key is stored with its commit.
    pub(crate) async fn command(
        &self,
        actor: &Actor,
        own: &OwnSession,
        command: Command,
        key: Option<&IdempotencyKey>,
    ) -> Result<Answer, AppError> {
        // The reply is filled in by the owner, who alone knows it.
        let entry = key.map(|key| key.entry(actor, String::new(), self.now()));
        Ok(self.sessions().command(own.id(), command, entry).await?)
    }
}

/// What a command answered, with whether it is an old answer.
pub(crate) fn outcome<T>(
    answer: Answer,
    read: impl FnOnce(Reply) -> Option<T>,
) -> Result<Outcome<T>, AppError> {
    let (reply, replayed) = match answer {
        Answer::Done(reply) => (reply, false),
        Answer::Replayed(reply) => (reply, true),
    };
    let value = read(reply).ok_or_else(|| AppError::internal(UnexpectedReply))?;
    Ok(Outcome { value, replayed })
}

#[derive(Debug, thiserror::Error)]
#[error("a session answered a command with a reply that does not belong to it")]
struct UnexpectedReply;
