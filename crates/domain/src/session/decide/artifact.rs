//! Artifacts: what is kept is in the log, within limits. The bytes are stored before the fact is decided, and removed
//! after the fact that forgets them.

use protocol::{
    ArtifactId, PromptId,
    event::{ArtifactCreated, ArtifactRemoved},
    session::Author,
};

use super::{Draft, Refusal, Reply};
use crate::session::Life;

impl Draft<'_> {
    /// `generation`: that of the sandbox it comes from, `None` when a person gave it.
    pub(super) fn add_artifact(
        &mut self,
        artifact: ArtifactCreated,
        prompt_id: Option<PromptId>,
        generation: Option<u64>,
    ) -> Result<Reply, Refusal> {
        match self.state.life {
            Life::Active => {}
            Life::Archived => return Err(Refusal::Archived),
            Life::Deleted => return Err(Refusal::NoSession),
        }
        if let Some(generation) = generation {
            if self.state.sandbox_of(generation).is_none() {
                return Err(Refusal::Fenced { generation });
            }
            // The runner offers everything it finds, again and again.
            let known = self.state.artifact_like(&artifact.name, &artifact.sha256);
            if let Some(artifact_id) = known {
                return Ok(Reply::Artifact { artifact_id });
            }
        }
        let artifact_id = artifact.artifact_id;
        if self.state.artifacts.contains_key(&artifact_id) {
            return Ok(Reply::Artifact { artifact_id });
        }
        self.policy.artifacts.check(&self.state, artifact.size_bytes)?;
        let running = self.state.turn.as_ref().map(|turn| turn.prompt.id);
        let prompt_id = prompt_id.filter(|_| generation.is_some() && running == prompt_id);
        self.event(prompt_id, artifact);
        Ok(Reply::Artifact { artifact_id })
    }

    pub(super) fn remove_artifact(&mut self, artifact_id: ArtifactId, by: Author) -> Result<Reply, Refusal> {
        if self.state.life == Life::Deleted {
            return Err(Refusal::NoSession);
        }
        let Some(artifact) = self.state.artifacts.get(&artifact_id) else {
            return Err(Refusal::NoArtifact);
        };
        let name = artifact.name.clone();
        self.event(
            None,
            ArtifactRemoved {
                artifact_id,
                name,
                by: Some(by),
            },
        );
        Ok(Reply::Done)
    }
}
