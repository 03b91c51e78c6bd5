//! SQLite is synchronous: its work goes to tokio's blocking threads, a bounded number at a time, fairly between
//! organisations.

use ports::{StoreError, gate::Gate, lane};

/// Enough to keep a disk busy; more would only queue there.
const AT_ONCE: usize = 16;
/// Of these for one organisation while others are at work, too.
const SHARE: usize = 4;

#[derive(Debug, Clone)]
pub(crate) struct Blocking(Gate);

impl Default for Blocking {
    fn default() -> Self {
        Self(Gate::new(AT_ONCE, SHARE))
    }
}

impl Blocking {
    /// Runs `work` to its end, even when the caller stops waiting for it.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, StoreError> + Send + 'static,
    {
        let place = self.0.enter(lane::current()).await;
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        // The work started, so if it was lost (a panic, a runtime that goes down) its outcome is not known.
        done.await
            .unwrap_or_else(|error| Err(StoreError::Unknown(error.to_string())))
    }
}
