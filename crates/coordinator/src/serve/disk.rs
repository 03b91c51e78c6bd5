//! Watches the free space of the data directory, so that a full disk is told before writes are refused.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use app::FreeSpace;
use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(30);

/// Bytes that this user may still write there.
///
/// # Errors
/// When the file system does not tell.
pub(crate) fn free(path: &Path) -> nix::Result<u64> {
    let stat = nix::sys::statvfs::statvfs(path)?;
    Ok(stat.blocks_available().saturating_mul(stat.fragment_size()))
}

/// The file system of the data directory.
#[derive(Debug)]
pub(super) struct Disk(pub(super) PathBuf);

#[async_trait]
impl FreeSpace for Disk {
    async fn free_bytes(&self) -> Option<u64> {
        let path = self.0.clone();
        // A file system that hangs must not hold up requests.
        tokio::task::spawn_blocking(move || free(&path).ok())
            .await
            .ok()
            .flatten()
    }
}

/// Tells when less than `reserve` bytes are free, and when there is room again; reads go on in any case.
pub(super) async fn watch(path: PathBuf, reserve: u64, stop: CancellationToken) {
    let mut low = false;
    loop {
        if let Ok(bytes) = free(&path) {
            match (bytes < reserve, low) {
                (true, false) => tracing::error!(
                    free_bytes = bytes,
                    "the disk of the data directory is nearly full: new work will be refused with storage_full; reads go on"
                ),
                (false, true) => tracing::info!(
                    free_bytes = bytes,
                    "the disk of the data directory has room again"
                ),
                _ => {}
            }
            low = bytes < reserve;
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}
