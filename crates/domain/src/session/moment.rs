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
        Self::nth(now, seed, 0)
    }

    /// The moment of one of several decisions that share a seed; each spends bits of its own.
    #[must_use]
    pub fn nth(now: Timestamp, seed: [u8; 32], index: u32) -> Self {
        Self {
            now,
            seed,
            drawn: u64::from(index) << 32,
        }
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

    /// Ids of one session sort as its turns ended, also within a millisecond: a history that lists by id keeps their
    /// order. `order` grows with each turn.
    pub(super) fn run_id(&mut self, order: u64) -> RunId {
        let (high, low) = (u128::from(order >> 20 & 0xfff), u128::from(order & 0xf_ffff));
        let random = self.bits() & ((1 << 42) - 1);
        RunId::new(self.now.as_ms(), high << 64 | low << 42 | random)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_one_millisecond_sort_as_they_ended() {
        let ids: Vec<RunId> = [1, 2, 3, 0xf_ffff, 0x10_0000, 0xffff_ffff]
            .into_iter()
            .map(|order| {
                let seed = [order as u8 ^ 0xa5; 32];
                Moment::new(Timestamp::from_ms(1_769_860_800_000), seed).run_id(order)
            })
            .collect();
        assert!(ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
