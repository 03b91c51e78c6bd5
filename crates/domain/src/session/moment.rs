//! The moment of a decision: time and randomness, as values.

use protocol::{CommandId, RunId, SandboxId, Timestamp};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Now, and 256 random bits that this one decision may spend.
#[derive(Clone)]
pub struct Moment {
    pub now: Timestamp,
    seed: [u8; 32],
    drawn: u64,
}

impl std::fmt::Debug for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The seed makes tokens: it is a secret.
        f.debug_struct("Moment")
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

impl Moment {
    #[must_use]
    pub fn new(now: Timestamp, seed: [u8; 32]) -> Self {
        Self { now, seed, drawn: 0 }
    }

    fn draw(&mut self) -> [u8; 32] {
        self.drawn += 1;
        Sha256::new()
            .chain_update(b"moment")
            .chain_update(self.seed)
            .chain_update(self.drawn.to_be_bytes())
            .finalize()
            .into()
    }

    fn bits(&mut self) -> u128 {
        let drawn = self.draw();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&drawn[..16]);
        u128::from_be_bytes(bytes)
    }

    pub(super) fn token(&mut self) -> String {
        self.draw().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) fn sandbox_id(&mut self) -> SandboxId {
        SandboxId::new(self.now.as_ms(), self.bits())
    }

    pub(super) fn command_id(&mut self) -> CommandId {
        CommandId::new(self.now.as_ms(), self.bits())
    }

    pub(super) fn run_id(&mut self) -> RunId {
        RunId::new(self.now.as_ms(), self.bits())
    }
}

/// How secrets are kept: SHA-256 is enough for 256-bit random ones.
#[must_use]
pub fn hash_secret(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Compares without telling by its time where the difference is.
#[must_use]
pub fn same_hash(a: &[u8; 32], b: &[u8; 32]) -> bool {
    a.ct_eq(b).into()
}
