//! Watches the free space of the data directory, so that a full disk is told before writes are refused.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(30);
/// Below this it is told; reads go on in any case.
const LOW: u64 = 256 * 1024 * 1024;

/// Bytes that this user may still write there.
///
/// # Errors
/// When the file system does not tell.
pub(crate) fn free(path: &Path) -> nix::Result<u64> {
    let stat = nix::sys::statvfs::statvfs(path)?;
    Ok(stat.blocks_available().saturating_mul(stat.fragment_size()))
}

pub(super) async fn watch(path: PathBuf, stop: CancellationToken) {
    let mut low = false;
    loop {
        if let Ok(bytes) = free(&path) {
            match (bytes < LOW, low) {
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
            low = bytes < LOW;
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}
