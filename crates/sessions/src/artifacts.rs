//! What has to be known about a session's artifacts before and beside its owner's decision.

use std::collections::BTreeSet;

use domain::session::{ArtifactLimits, Life, Refusal};
use protocol::{ArtifactId, SessionId};

use crate::{SessionError, Sessions, actor::fold};

impl Sessions {
    /// How many bytes one more artifact may have, as things stand; its owner decides again when it is there.
    ///
    /// # Errors
    /// When there is no such session, it is archived, or an artifact of `expected` bytes has no room.
    pub async fn artifact_room(&self, id: SessionId, expected: u64) -> Result<u64, SessionError> {
        let view = self.view(id).await?;
        match view.state.life {
            Life::Active => {}
            Life::Archived => return Err(Refusal::Archived.into()),
            Life::Deleted => return Err(SessionError::NotFound),
        }
        let limits = &self.0.settings.policy.artifacts;
        limits.check(&view.state, expected)?;
        Ok(limits.each_bytes.min(limits.room(&view.state)))
    }

    /// What any session may leave behind.
    #[must_use]
    pub fn artifact_limits(&self) -> ArtifactLimits {
        self.0.settings.policy.artifacts
    }

    /// The artifacts that the log of a session speaks of, without waking it; none when it is gone.
    ///
    /// # Errors
    /// When that cannot be found out.
    pub async fn known_artifacts(&self, id: SessionId) -> Result<BTreeSet<ArtifactId>, SessionError> {
        let Some(stored) = self.0.ports.session_log.peek(id).await? else {
            return Ok(BTreeSet::new());
        };
        let (state, _) = fold(&stored)?;
        Ok(state.artifacts.keys().copied().collect())
    }
}
