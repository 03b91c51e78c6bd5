//! What this process has stored and collected since it started.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counters for the metrics.
#[derive(Debug, Default)]
pub struct ArtifactTally {
    uploads: AtomicU64,
    bytes: AtomicU64,
    collected: AtomicU64,
}

impl ArtifactTally {
    #[must_use]
    pub fn uploads(&self) -> u64 {
        self.uploads.load(Ordering::Relaxed)
    }

    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Artifacts without an event that were removed.
    #[must_use]
    pub fn collected(&self) -> u64 {
        self.collected.load(Ordering::Relaxed)
    }

    pub(super) fn stored(&self, bytes: u64) {
        self.uploads.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn collect(&self) {
        self.collected.fetch_add(1, Ordering::Relaxed);
    }
}
