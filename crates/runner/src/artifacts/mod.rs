//! Files that the agent leaves for people: whatever lies in the directory that `COORDINATOR_ARTIFACTS` names goes to
//! the server at the end of each turn, before the turn is said to have ended.
//!
//! The directory is in the agent's home, not in the repository. What is in it is as hostile as everything else here:
//! plain files are read, nothing is followed, and the server measures, limits and names what it takes. Secrets that the
//! runner knows are masked in contents and taken out of names.

mod find;
mod send;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::timeout;

use crate::uplink::Uplink;
use find::Found;

/// The variable that agents find in their environment.
pub const VARIABLE: &str = "COORDINATOR_ARTIFACTS";
/// A turn is not held up for longer; what is left goes with the next one.
const PATIENCE: Duration = Duration::from_secs(120);
/// Remembered offers; past that the server is asked again, which does no harm.
const MOST_KNOWN: usize = 10_000;

/// Where they are left.
#[must_use]
pub fn directory(home: &Path) -> PathBuf {
    home.join("artifacts")
}

/// Offers the server what it has not been offered yet.
#[derive(Debug)]
pub(crate) struct Artifacts {
    uplink: Uplink,
    directory: PathBuf,
    /// Name and hash of what the server has taken, or will not take.
    settled: Mutex<BTreeSet<(String, String)>>,
}

impl Artifacts {
    pub(crate) fn new(uplink: Uplink, home: &Path) -> Self {
        Self {
            uplink,
            directory: directory(home),
            settled: Mutex::default(),
        }
    }

    /// Makes the directory, for the agent to find. A turn goes well without it.
    pub(crate) async fn prepare(&self) {
        if let Err(error) = tokio::fs::create_dir_all(&self.directory).await {
            tracing::warn!(%error, "there is no directory for artifacts");
        }
    }

    /// Sends what is new. Whatever goes wrong is said in the log; the turn ends all the same.
    pub(crate) async fn send_new(&self) {
        if timeout(PATIENCE, self.send_all()).await.is_err() {
            tracing::warn!("not all artifacts could be sent in time; the others go with the next turn");
        }
    }

    async fn send_all(&self) {
        let (directory, redactor) = (self.directory.clone(), self.uplink.redactor());
        let found = tokio::task::spawn_blocking(move || find::all(&directory, &redactor)).await;
        for file in found.unwrap_or_default() {
            let known = (file.name.clone(), file.sha256.clone());
            if self.settled().contains(&known) {
                continue;
            }
            if self.send(file).await {
                let mut settled = self.settled();
                if settled.len() >= MOST_KNOWN {
                    settled.clear();
                }
                settled.insert(known);
            }
        }
    }

    fn settled(&self) -> MutexGuard<'_, BTreeSet<(String, String)>> {
        self.settled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True when there is no use in offering it again.
    async fn send(&self, file: Found) -> bool {
        let name = file.name.clone();
        match send::offer(self.uplink.identity(), file).await {
            Ok(status) if status.is_success() => true,
            Ok(status) => {
                tracing::warn!(name, %status, "the server did not take an artifact");
                // What is too much stays too much until somebody removes something, and then a new turn may ask.
                matches!(status.as_u16(), 400 | 413)
            }
            Err(error) => {
                tracing::warn!(name, %error, "an artifact could not be sent");
                false
            }
        }
    }
}
