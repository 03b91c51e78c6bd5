//! Run records that are past their time.

use std::time::Duration;

use crate::App;

/// Records removed in one transaction.
const BATCH: usize = 1_000;
/// Transactions of one sweep: the rest is for the next one.
const BATCHES: usize = 100;

impl App {
    pub(super) async fn sweep_runs(&self, kept: Duration) -> u64 {
        let before = self.before(kept);
        let mut removed = 0;
        for _ in 0..BATCHES {
            match self.ports().run_history.remove_before(before, BATCH).await {
                Ok(count) => {
                    removed += count as u64;
                    if count < BATCH {
                        break;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "old run records cannot be removed now");
                    break;
                }
            }
        }
        if removed > 0 {
            tracing::info!(removed, cause = "retention", "old run records are removed");
        }
        removed
    }
}
