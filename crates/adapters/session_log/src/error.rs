//! From SQLite's result codes to what the port says.

use std::io::{self, ErrorKind};

use ports::StoreError;
use rusqlite::{Error, ErrorCode};

/// A failure before the commit: nothing was written.
pub(crate) fn before_commit(error: Error) -> StoreError {
    if error
        .sqlite_error()
        .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE)
    {
        // No room for the index that goes with the write-ahead log.
        return StoreError::Full;
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Corrupt(error.to_string()),
        Some(_) => StoreError::Unavailable(error.to_string()),
        // Not from SQLite but from reading a row: a column of another type or shape than we write.
        None => StoreError::Corrupt(error.to_string()),
    }
}

/// A failure of the commit itself. SQLite rolls back when the disk is full or another holds the lock; after any
/// other failure (a sync that went wrong, say) the commit record may or may not be on disk.
pub(crate) fn at_commit(error: Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreError::Unavailable(error.to_string())
        }
        _ => StoreError::Unknown(error.to_string()),
    }
}

/// A failure of the file system.
pub(crate) fn io(error: io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Unavailable(error.to_string()),
    }
}

/// Integers are stored signed; ours are counters that start at 0.
pub(crate) fn unsigned(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Corrupt("a stored counter is negative".into()))
}

/// The other way round; past the range it is a number no log ever reaches.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(code: i32) -> Error {
        Error::SqliteFailure(rusqlite::ffi::Error::new(code), None)
    }

    #[test]
    fn codes_become_what_the_caller_can_act_on() {
        use rusqlite::ffi;
        assert!(matches!(
            before_commit(failure(ffi::SQLITE_FULL)),
            StoreError::Full
        ));
        assert!(matches!(
            before_commit(failure(ffi::SQLITE_IOERR_SHMSIZE)),
            StoreError::Full
        ));
        assert!(matches!(
            before_commit(failure(ffi::SQLITE_BUSY)),
            StoreError::Unavailable(_)
        ));
        assert!(matches!(
            before_commit(failure(ffi::SQLITE_CORRUPT)),
            StoreError::Corrupt(_)
        ));
        assert!(matches!(
            before_commit(failure(ffi::SQLITE_NOTADB)),
            StoreError::Corrupt(_)
        ));
        assert!(matches!(
            before_commit(failure(ffi::SQLITE_IOERR)),
            StoreError::Unavailable(_)
        ));
        assert!(matches!(at_commit(failure(ffi::SQLITE_FULL)), StoreError::Full));
        assert!(matches!(
            at_commit(failure(ffi::SQLITE_BUSY)),
            StoreError::Unavailable(_)
        ));
        assert!(matches!(
            at_commit(failure(ffi::SQLITE_IOERR_FSYNC)),
            StoreError::Unknown(_)
        ));
        assert!(matches!(io(ErrorKind::StorageFull.into()), StoreError::Full));
    }
}
