//! The end that a provider has set for a sandbox: work is kept before it comes.

use protocol::{
    event::{ErrorRaised, SandboxSnapshotted},
    session::TurnError,
};

use super::{Draft, Refusal, Reply};
use crate::session::{Effect, Phase, PrivateFact};

/// Why a sandbox is stopped that comes near to its end.
const EXPIRING: &str = "expiring";
/// Bytes of a provider's word that are kept.
const MOST_REFERENCE: usize = 1024;

impl Draft<'_> {
    /// Nothing runs in it any more: what is there is kept, then it is stopped; what waits goes on in the next.
    pub(super) fn retire(&mut self) {
        let Some(sandbox) = self.state.sandbox.clone() else {
            return;
        };
        if sandbox.expiry.is_some_and(|expiry| expiry.can_snapshot) {
            let (sandbox_id, generation) = (sandbox.id, sandbox.generation);
            self.private(PrivateFact::SandboxSaving { generation });
            self.effect(Effect::SnapshotSandbox {
                sandbox_id,
                generation,
            });
        } else {
            self.stop_sandbox(EXPIRING);
        }
    }

    pub(super) fn snapshotted(&mut self, generation: u64, mut reference: String) -> Result<Reply, Refusal> {
        let Some(sandbox) = self.state.sandbox_of(generation).cloned() else {
            return Err(Refusal::Fenced { generation });
        };
        reference.truncate(reference.floor_char_boundary(MOST_REFERENCE.min(reference.len())));
        self.event(
            None,
            SandboxSnapshotted {
                sandbox_id: sandbox.id,
                generation,
                snapshot: reference,
            },
        );
        if sandbox.phase == Phase::Saving {
            self.stop_sandbox(EXPIRING);
        }
        Ok(Reply::Done)
    }

    /// Stopping keeps the workspace, too; a snapshot only makes sure of it before the provider's end comes.
    pub(super) fn snapshot_failed(&mut self, generation: u64, cause: &str) -> Result<Reply, Refusal> {
        let Some(sandbox) = self.state.sandbox_of(generation) else {
            return Err(Refusal::Fenced { generation });
        };
        if sandbox.phase == Phase::Saving {
            self.unsaved(cause);
        }
        Ok(Reply::Done)
    }

    pub(super) fn unsaved(&mut self, cause: &str) {
        self.event(
            None,
            ErrorRaised {
                error: TurnError {
                    code: "snapshot_failed".into(),
                    message: format!("The workspace could not be kept before the sandbox ends: {cause}."),
                    next_step: "The sandbox is stopped in good time instead; look whether the last changes are there."
                        .into(),
                    detail: None,
                },
            },
        );
        self.stop_sandbox(EXPIRING);
    }
}
