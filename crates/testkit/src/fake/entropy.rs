//! Randomness that is the same in every run.

use std::sync::atomic::{AtomicU64, Ordering};

use ports::Entropy;

/// The fake of this port.
pub type Fake = SeededEntropy;

/// SplitMix64 over a counter: well spread, repeatable, worthless for secrets.
#[derive(Debug)]
pub struct SeededEntropy(AtomicU64);

impl Default for SeededEntropy {
    fn default() -> Self {
        Self::new(1)
    }
}

impl SeededEntropy {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    fn next(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.0.fetch_add(STEP, Ordering::SeqCst).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next().to_be_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
}
