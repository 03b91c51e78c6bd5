//! The one gate on every dispatch path: whatever happened, what can start now does.

use protocol::event::SandboxRequested;

use super::Draft;
use crate::session::{Effect, Life, Phase, PrivateFact, moment::hash_secret};

impl Draft<'_> {
    /// Starts the next prompt if one waits and nothing is in its way; asks for a sandbox if that is what lacks.
    pub(super) fn pump(&mut self) {
        if self.state.life != Life::Active || self.state.turn.is_some() || self.state.gate.is_some() {
            return;
        }
        let Some(next) = self.state.queue.front().cloned() else {
            return;
        };
        match self.state.sandbox.as_ref().map(|sandbox| sandbox.phase) {
            Some(Phase::Ready) => self.begin_turn(&next),
            Some(Phase::Starting | Phase::Preparing | Phase::Stopping) => {}
            None => self.request_sandbox("prompt"),
        }
    }

    pub(super) fn request_sandbox(&mut self, cause: &str) {
        let generation = self.state.generation + 1;
        let sandbox_id = self.moment.sandbox_id();
        let token = self.moment.token();
        self.private(PrivateFact::GenerationOpened {
            sandbox_id,
            generation,
            token_hash: hash_secret(&token),
        });
        self.event(
            None,
            SandboxRequested {
                sandbox_id,
                generation,
                provider: self.policy.provider.clone(),
                cause: cause.to_owned(),
            },
        );
        let attempt = self.state.failures;
        self.effect(Effect::StartSandbox {
            sandbox_id,
            generation,
            token,
            attempt,
        });
    }
}
