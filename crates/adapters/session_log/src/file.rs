//! Opening a session's file, to own it or to read it.

use std::{path::Path, time::Duration};

use ports::StoreError;
use rusqlite::{Connection, OpenFlags};

use crate::{error::before_commit, schema};

/// How long to wait for a lock. Locks are held for moments: while a file is recovered or its log folded in.
const BUSY: Duration = Duration::from_secs(5);

fn open(path: &Path) -> Result<Option<Connection>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    // Never `CREATE`: only `create` makes files.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(before_commit)?;
    connection.busy_timeout(BUSY).map_err(before_commit)?;
    // Many sessions are awake at once, so what an open file costs in memory matters: 256 KiB of cache at most.
    connection
        .execute_batch("PRAGMA cache_size = -256; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON;")
        .map_err(before_commit)?;
    Ok(Some(connection))
}

/// For the owner; brings the schema up to date. `None` when there is no such file.
pub(crate) fn open_owned(path: &Path) -> Result<Option<Connection>, StoreError> {
    let Some(mut connection) = open(path)? else {
        return Ok(None);
    };
    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .map_err(before_commit)?;
    if mode != "wal" {
        return Err(StoreError::Unavailable(
            "the file system does not support write-ahead logging".into(),
        ));
    }
    connection
        .execute_batch("PRAGMA synchronous = FULL")
        .map_err(before_commit)?;
    schema::climb(&mut connection)?;
    Ok(Some(connection))
}

/// For a reader where nothing can be written, not even the index that users of a file share: this one keeps its
/// index in memory, and others out for as long as it is open. Facts still in the write-ahead log are seen.
pub(crate) fn open_alone(path: &Path) -> Result<Option<Connection>, StoreError> {
    let Some(connection) = open(path)? else {
        return Ok(None);
    };
    connection
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; PRAGMA query_only = ON")
        .map_err(before_commit)?;
    Ok(Some(connection))
}

/// For a reader. Opened read-write because a reader that comes after a crash must be able to recover the
/// write-ahead log, but it cannot change anything. `None` when there is no such file.
pub(crate) fn open_reading(path: &Path) -> Result<Option<Connection>, StoreError> {
    let Some(connection) = open(path)? else {
        return Ok(None);
    };
    connection
        .execute_batch("PRAGMA query_only = ON")
        .map_err(before_commit)?;
    Ok(Some(connection))
}
