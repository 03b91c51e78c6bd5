//! Keeps a file that somebody uploads.

use ::sessions::{Answer, SessionError};
use domain::{
    policy::{Action, authorise},
    session::{Command, Reply},
    tenancy::Actor,
};
use ports::artifacts::{ArtifactKey, Stored};
use protocol::{ArtifactId, ProblemCode, SessionId, api::Artifact, event::ArtifactCreated};
use sha2::{Digest, Sha256};

use super::{NewArtifact, name};
use crate::{App, AppError, IdempotencyKey, Outcome, sessions::OwnSession};

impl App {
    /// # Errors
    /// When policy, name, state or limits do not allow it, or the store fails.
    pub async fn add_artifact(
        &self,
        actor: &Actor,
        own: &OwnSession,
        new: NewArtifact,
    ) -> Result<Outcome<Artifact>, AppError> {
        authorise(actor, Action::DriveSession)?;
        let name = name::file_name(&new.name)?;
        let media_type = name::media_type(new.media_type.as_deref());
        self.check_storage(own.org(), new.declared.unwrap_or(0)).await?;
        let limit = self.limit_for(own.id(), new.declared, new.key.is_some()).await?;
        let _place = self.upload_place(own.org()).await?;
        let key = ArtifactKey {
            org: own.org(),
            session: own.id(),
            artifact: ArtifactId::new(self.now().as_ms(), self.bits()),
        };
        let stored = self.store_artifact(key, new.bytes, limit).await?;
        let entry = new.key.map(|idempotency| {
            with_content(idempotency, &name, &media_type, &stored).entry(actor, String::new(), self.now())
        });
        let created = created(key.artifact, name, media_type, &stored, Some(actor.author()));
        let command = Command::AddArtifact {
            artifact: Box::new(created),
            prompt_id: None,
            generation: None,
        };
        let answer = self.sessions().command(own.id(), command, entry).await;
        let (id, replayed) = self.kept(key, answer).await?;
        Ok(Outcome {
            value: self.known_artifact(own.id(), id).await?,
            replayed,
        })
    }

    /// What may be stored. A request that was answered before is told apart only when its body has been read: with a
    /// key it is read even if the session has no more room.
    async fn limit_for(
        &self,
        session: SessionId,
        declared: Option<u64>,
        has_key: bool,
    ) -> Result<u64, AppError> {
        match self
            .sessions()
            .artifact_room(session, declared.unwrap_or(0))
            .await
        {
            Ok(_) if has_key => Ok(self.sessions().artifact_limits().each_bytes),
            Ok(room) => Ok(room),
            Err(SessionError::Refused(refusal)) if has_key && refusal.code() != ProblemCode::BodyTooLarge => {
                Ok(self.sessions().artifact_limits().each_bytes)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Which artifact the session keeps, and whether it did so before. Bytes that it does not keep are removed; where
    /// that is not known they stay until they are collected.
    pub(super) async fn kept(
        &self,
        key: ArtifactKey,
        answer: Result<Answer, SessionError>,
    ) -> Result<(ArtifactId, bool), AppError> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                if matches!(
                    error,
                    SessionError::Refused(_) | SessionError::NotFound | SessionError::IdempotencyConflict
                ) {
                    self.drop_artifact(key).await;
                }
                return Err(error.into());
            }
        };
        let replayed = matches!(answer, Answer::Replayed(_));
        let Reply::Artifact { artifact_id } = *answer.reply() else {
            return Err(AppError::internal(UnexpectedReply));
        };
        if artifact_id != key.artifact {
            self.drop_artifact(key).await;
        }
        Ok((artifact_id, replayed))
    }

    /// The upload's place among those that run at the same time.
    pub(super) async fn upload_place(&self, org: protocol::OrgId) -> Result<crate::work::Place, AppError> {
        let wait = std::time::Duration::from_millis(self.settings().limits.upload_wait_ms);
        self.uploads().take(org, wait).await.ok_or_else(|| {
            AppError::unavailable("The server is busy with other uploads. Try again.").retry_after_s(5)
        })
    }
}

/// The event that says that it is kept.
pub(super) fn created(
    artifact_id: ArtifactId,
    name: String,
    media_type: String,
    stored: &Stored,
    by: Option<protocol::session::Author>,
) -> ArtifactCreated {
    ArtifactCreated {
        artifact_id,
        name,
        media_type,
        size_bytes: stored.size_bytes,
        sha256: data_encoding::HEXLOWER.encode(&stored.sha256),
        by,
    }
}

/// A key that stands for name, type and content as well.
fn with_content(key: IdempotencyKey, name: &str, media_type: &str, stored: &Stored) -> IdempotencyKey {
    let fingerprint = Sha256::new()
        .chain_update(key.fingerprint)
        .chain_update(stored.sha256)
        .chain_update(media_type)
        .chain_update([0])
        .chain_update(name)
        .finalize()
        .into();
    IdempotencyKey { fingerprint, ..key }
}

#[derive(Debug, thiserror::Error)]
#[error("a session answered an artifact with a reply that does not belong to it")]
struct UnexpectedReply;
