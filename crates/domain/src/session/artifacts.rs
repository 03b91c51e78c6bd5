//! Which artifacts a session has, and how many more it may have.

use std::sync::Arc;

use protocol::{ArtifactId, PromptId, Timestamp, api::Artifact, event::ArtifactCreated};

use super::{Refusal, State};

/// What a session may leave behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArtifactLimits {
    /// Bytes of one.
    pub each_bytes: u64,
    /// How many.
    pub number: usize,
    /// Bytes of all together.
    pub session_bytes: u64,
}

impl Default for ArtifactLimits {
    fn default() -> Self {
        Self {
            each_bytes: 100 << 20,
            number: 200,
            session_bytes: 1 << 30,
        }
    }
}

impl ArtifactLimits {
    /// Whether one more of `size_bytes` has room.
    ///
    /// # Errors
    /// The limit that is in the way.
    pub fn check(&self, state: &State, size_bytes: u64) -> Result<(), Refusal> {
        if size_bytes > self.each_bytes {
            return Err(Refusal::ArtifactTooLarge {
                limit: self.each_bytes,
            });
        }
        if state.artifacts.len() >= self.number {
            return Err(Refusal::TooManyArtifacts { limit: self.number });
        }
        if size_bytes > self.room(state) {
            return Err(Refusal::ArtifactsTooLarge {
                limit: self.session_bytes,
            });
        }
        Ok(())
    }

    /// Bytes that are left for all that are yet to come.
    #[must_use]
    pub fn room(&self, state: &State) -> u64 {
        let taken = state.artifacts.values().map(|artifact| artifact.size_bytes).sum();
        self.session_bytes.saturating_sub(taken)
    }
}

impl State {
    /// One that has this name and this content.
    #[must_use]
    pub fn artifact_like(&self, name: &str, sha256: &str) -> Option<ArtifactId> {
        let mut all = self.artifacts.values();
        all.find(|artifact| artifact.name == name && artifact.sha256 == sha256)
            .map(|artifact| artifact.id)
    }

    pub(super) fn keep_artifact(
        &mut self,
        at: Timestamp,
        prompt_id: Option<PromptId>,
        created: &ArtifactCreated,
    ) {
        let artifact = Artifact {
            id: created.artifact_id,
            name: created.name.clone(),
            media_type: created.media_type.clone(),
            size_bytes: created.size_bytes,
            sha256: created.sha256.clone(),
            created_at: at,
            prompt_id,
            by: created.by.clone(),
        };
        Arc::make_mut(&mut self.artifacts).insert(artifact.id, artifact);
    }

    pub(super) fn forget_artifact(&mut self, id: ArtifactId) {
        Arc::make_mut(&mut self.artifacts).remove(&id);
    }
}
