//! The runner makes contact and confirms commands.

use protocol::{CommandId, event::SandboxConnected};

use super::{Draft, Refusal, Reply};
use crate::session::{Effect, Phase, PrivateFact, moment::same_hash};

impl Draft<'_> {
    /// First contact exchanges the one-time token for the runner's own secret; later contacts present that
    /// secret. The exchange can be repeated with the same secret, so a lost answer costs nothing.
    pub(super) fn hello(
        &mut self,
        generation: u64,
        credential: &[u8; 32],
        secret: [u8; 32],
        runner_version: String,
    ) -> Result<Reply, Refusal> {
        let Some(sandbox) = self.state.sandbox_of(generation).cloned() else {
            return Err(Refusal::Fenced { generation });
        };
        match sandbox.secret_hash {
            Some(known) if same_hash(&known, &secret) => {
                if !same_hash(credential, &known) && !same_hash(credential, &sandbox.token_hash) {
                    return Err(Refusal::BadCredential);
                }
            }
            Some(_) => return Err(Refusal::BadCredential),
            None if same_hash(credential, &sandbox.token_hash) => {
                self.private(PrivateFact::RunnerLinked {
                    generation,
                    secret_hash: secret,
                });
            }
            None => return Err(Refusal::BadCredential),
        }
        if sandbox.phase == Phase::Starting {
            let elapsed = self.now().since(sandbox.requested_at).as_millis();
            self.event(
                None,
                SandboxConnected {
                    sandbox_id: sandbox.id,
                    generation,
                    isolation: sandbox.isolation.clone(),
                    runner_version,
                    elapsed_ms: u64::try_from(elapsed).unwrap_or(u64::MAX),
                },
            );
        }
        self.effect(Effect::SendOwed);
        Ok(Reply::Welcome { acked: sandbox.acked })
    }

    pub(super) fn command_done(&mut self, generation: u64, command_id: CommandId) -> Result<Reply, Refusal> {
        if self.state.sandbox_of(generation).is_none() {
            return Err(Refusal::Fenced { generation });
        }
        if self.state.owed.iter().any(|(id, _)| *id == command_id) {
            self.private(PrivateFact::CommandDone { command_id });
        }
        Ok(Reply::Done)
    }
}
