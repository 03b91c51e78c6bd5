//! SQLite is synchronous: its work goes to tokio's blocking threads, a bounded number at a time.

use std::sync::Arc;

use ports::StoreError;
use tokio::sync::Semaphore;

/// Enough to keep a disk busy; more would only queue there.
const AT_ONCE: usize = 16;

#[derive(Debug, Clone)]
pub(crate) struct Blocking(Arc<Semaphore>);

impl Default for Blocking {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Blocking {
    /// Runs `work` to its end, even when the caller stops waiting for it.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, StoreError> + Send + 'static,
    {
        let unavailable = |_| StoreError::Unavailable("the server is shutting down".into());
        let permit = Arc::clone(&self.0).acquire_owned().await.map_err(unavailable)?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        // The work started, so if it was lost (a panic, a runtime that goes down) its outcome is not known.
        done.await
            .unwrap_or_else(|error| Err(StoreError::Unknown(error.to_string())))
    }
}
