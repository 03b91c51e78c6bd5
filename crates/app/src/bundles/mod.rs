//! Session bundles: a whole session as one file, out of this installation and into it.

mod export;
mod files;
mod import;
mod rest;
mod staging;

use std::path::PathBuf;

use bundle::BundleError;
pub use bundle::Limits as BundleLimits;
use protocol::ProblemCode;

use crate::{App, AppError, work::Places};

pub use export::BundleStream;
pub use import::{BundleUpload, ImportOptions};
pub(crate) use staging::Staging;

/// What bundles need besides the ports.
#[derive(Debug, Clone)]
pub struct BundleSettings {
    /// A directory of its own for what is on its way; what is found there at start is removed.
    pub staging: PathBuf,
    /// Public address of this server, for the manifest.
    pub installation: String,
    pub limits: bundle::Limits,
    /// Largest bundle that is taken in, bytes.
    pub upload_bytes: u64,
}

/// Bundles that are made or taken in at a time: each needs room on the disk for a whole session.
const AT_ONCE: usize = 3;
/// Longest wait for a free place among them, milliseconds.
const WAIT_MS: u64 = 30_000;

pub(crate) struct Bundles {
    pub(crate) settings: BundleSettings,
    pub(crate) staging: Staging,
    places: Places,
}

impl Bundles {
    pub(crate) fn new(settings: BundleSettings) -> Self {
        Self {
            staging: Staging::new(settings.staging.clone()),
            settings,
            places: Places::new(AT_ONCE),
        }
    }
}

impl App {
    /// Where bundles are made, for the one who puts the server together.
    ///
    /// # Errors
    /// When there is none here.
    pub(crate) fn bundles(&self) -> Result<&Bundles, AppError> {
        self.bundles_here()
            .ok_or_else(|| AppError::unavailable("This server has no place to make bundles in."))
    }

    async fn bundle_place(&self, org: protocol::OrgId) -> Result<crate::work::Place, AppError> {
        let wait = std::time::Duration::from_millis(WAIT_MS);
        self.bundles()?.places.take(org, wait).await.ok_or_else(|| {
            AppError::unavailable("The server is busy with other bundles. Try again.").retry_after_s(30)
        })
    }
}

impl From<BundleError> for AppError {
    fn from(error: BundleError) -> Self {
        if let BundleError::Io(error) = error {
            return disk(error);
        }
        let mut refused = Self::new(
            ProblemCode::BundleInvalid,
            crate::error::sentence(&format!("the bundle is refused: {error}")),
        );
        refused.field = error.of_member().map(str::to_owned);
        if let BundleError::TooLarge { limit, .. } = error {
            refused.limit = Some(limit);
        }
        refused
    }
}

/// A failure of our own files.
fn disk(error: std::io::Error) -> AppError {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => AppError::new(
            ProblemCode::StorageFull,
            "The server's disk is full; nothing was changed. Its operator has to make room.",
        )
        .cause(error),
        _ => AppError::internal(error),
    }
}

/// Work on files, off the threads that serve.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(AppError::internal(error)))
}
