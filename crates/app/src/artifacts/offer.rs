//! Keeps a file that an agent left in its sandbox. The runner offers whatever it finds, as often as it likes; each
//! name with each content is kept once.

use domain::session::Command;
use ports::artifacts::ArtifactKey;
use protocol::{ArtifactId, SessionId};

use super::{NewArtifact, add::created, name};
use crate::{App, AppError};

/// What became of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// The session has it now.
    Kept(ArtifactId),
    /// The session had it already; the body was not read.
    Known(ArtifactId),
}

impl App {
    /// `sha256`: of the content, as the runner says; what is stored is what is measured here.
    ///
    /// # Errors
    /// When the runner is not who it says, the name or the limits do not allow it, or the store fails.
    pub async fn offer_artifact(
        &self,
        session: SessionId,
        generation: u64,
        secret: &str,
        sha256: &str,
        new: NewArtifact,
    ) -> Result<Offered, AppError> {
        let runner = self
            .sessions()
            .authenticate_runner(session, generation, secret)
            .await?;
        let name = name::file_name(&new.name)?;
        let media_type = name::media_type(new.media_type.as_deref());
        let view = self.sessions().view(session).await?;
        if let Some(known) = view.state.artifact_like(&name, sha256) {
            return Ok(Offered::Known(known));
        }
        self.check_storage(runner.org, new.declared.unwrap_or(0)).await?;
        let limit = self
            .sessions()
            .artifact_room(session, new.declared.unwrap_or(0))
            .await?;
        let _place = self.upload_place(runner.org).await?;
        let key = ArtifactKey {
            org: runner.org,
            session,
            artifact: ArtifactId::new(self.now().as_ms(), self.bits()),
        };
        let stored = self.store_artifact(key, new.bytes, limit).await?;
        let command = Command::AddArtifact {
            artifact: Box::new(created(key.artifact, name, media_type, &stored, None)),
            prompt_id: runner.prompt_id,
            generation: Some(generation),
        };
        let answer = self.sessions().command(session, command, None).await;
        let (id, _) = self.kept(key, answer).await?;
        Ok(Offered::Kept(id))
    }
}
