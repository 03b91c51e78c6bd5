//! From SQLite's result codes to what the ports say.

use ports::StoreError;
use rusqlite::ErrorCode;

/// What goes wrong while rows are read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
    #[error("a stored document has another shape: {0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    Shape(String),
}

impl Failure {
    /// Before the commit: nothing was written.
    pub(crate) fn before_commit(self) -> StoreError {
        let Self::Sql(error) = &self else {
            return StoreError::Corrupt(self.to_string());
        };
        before_commit(error)
    }
}

/// A failure before the commit: nothing was written.
pub(crate) fn before_commit(error: &rusqlite::Error) -> StoreError {
    let no_index = error
        .sqlite_error()
        .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE);
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        // No room for the index that goes with the write-ahead log.
        _ if no_index => StoreError::Full,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Corrupt(error.to_string()),
        Some(_) => StoreError::Unavailable(error.to_string()),
        None => StoreError::Corrupt(error.to_string()),
    }
}

/// A failure of the commit itself: rolled back when the disk is full or another holds the lock, else not known.
pub(crate) fn at_commit(error: &rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreError::Unavailable(error.to_string())
        }
        _ => StoreError::Unknown(error.to_string()),
    }
}
