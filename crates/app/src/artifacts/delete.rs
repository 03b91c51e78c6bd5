//! Takes an artifact away: first from the session, then its bytes from the store.

use domain::{
    policy::{Action, authorise},
    session::Command,
    tenancy::Actor,
};
use ports::artifacts::ArtifactKey;
use protocol::ArtifactId;

use crate::{App, AppError, IdempotencyKey, Outcome, sessions::OwnSession};

impl App {
    /// # Errors
    /// When policy does not allow it, or the session has no such artifact.
    pub async fn delete_artifact(
        &self,
        actor: &Actor,
        own: &OwnSession,
        id: ArtifactId,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        authorise(actor, Action::DriveSession)?;
        let command = Command::RemoveArtifact {
            artifact_id: id,
            by: actor.author(),
        };
        let answer = self.command(actor, own, command, key).await?;
        let bytes = ArtifactKey {
            org: own.org(),
            session: own.id(),
            artifact: id,
        };
        self.drop_artifact(bytes).await;
        Ok(Outcome {
            value: (),
            replayed: matches!(answer, ::sessions::Answer::Replayed(_)),
        })
    }
}
