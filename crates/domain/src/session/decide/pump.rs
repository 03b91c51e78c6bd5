//! The one gate on every dispatch path: whatever happened, what can start now does.

use protocol::event::SandboxRequested;

use super::Draft;
use crate::session::{Effect, Life, Phase, PrivateFact, Trigger, moment::hash_secret};

impl Draft<'_> {
    /// Starts the next prompt if one waits and nothing is in its way; asks for a sandbox if that is what lacks.
    pub(super) fn pump(&mut self) {
        if self.state.life != Life::Active || self.state.turn.is_some() || self.state.gate.is_some() {
            return;
        }
        if self
            .state
            .sandbox
            .as_ref()
            .is_some_and(|s| s.phase == Phase::Ready && s.retiring)
        {
            self.retire();
            self.mark(Trigger::Retire);
            return;
        }
        let next = self.state.queue.front().cloned();
        match (self.state.sandbox.as_ref().map(|sandbox| sandbox.phase), next) {
            (Some(Phase::Ready), Some(next)) => self.begin_turn(&next),
            (Some(_), _) => return,
            // A person asked for it by name: that overrides the breaker.
            (None, _) if self.state.wake_wanted => self.request_sandbox("woken"),
            (None, Some(_)) if !self.breaker_is_open() => self.request_sandbox("prompt"),
            (None, _) => return,
        }
        self.mark(Trigger::Dispatch);
    }

    fn breaker_is_open(&self) -> bool {
        self.state
            .breaker_until(self.policy)
            .is_some_and(|until| self.now() < until)
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
