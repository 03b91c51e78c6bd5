//! Opening a session's file, to own it or to read it.

use std::{path::Path, time::Duration};

use ports::StoreError;
use rusqlite::{Connection, OpenFlags};

use crate::{error::before_commit, schema};

/// How long to wait for a lock. Locks are held for moments: while a file is recovered or its log folded in.
const BUSY: Duration = Duration::from_secs(5);

/// What others may do meanwhile.
#[derive(Clone, Copy, PartialEq)]
enum Others {
    Share,
    Wait,
}

fn open(path: &Path, others: Others) -> Result<Option<Connection>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    // Never `CREATE`: only `create` makes files.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(before_commit)?;
    connection.busy_timeout(BUSY).map_err(before_commit)?;
    if others == Others::Wait {
        // Before anything that reads the file: from then on the way of locking is settled.
        connection
            .execute_batch("PRAGMA locking_mode = EXCLUSIVE")
            .map_err(before_commit)?;
    }
    // Many sessions are awake at once, so what an open file costs in memory matters: 256 KiB of cache at most.
    connection
        .execute_batch("PRAGMA cache_size = -256; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON;")
        .map_err(before_commit)?;
    Ok(Some(connection))
}

/// For the owner; brings the schema up to date. `None` when there is no such file.
pub(crate) fn open_owned(path: &Path) -> Result<Option<Connection>, StoreError> {
    let Some(mut connection) = open(path, Others::Share)? else {
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

/// Folds the write-ahead log into the file. Everything is durable without; it saves the next opener the work.
pub(crate) fn fold(connection: &Connection) -> Result<(), StoreError> {
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .map_err(before_commit)
}

/// For a reader where nothing can be written, not even the index that users of a file share: this one keeps its
/// index in memory, and others out for as long as it is open. Facts still in the write-ahead log are seen.
pub(crate) fn open_alone(path: &Path) -> Result<Option<Connection>, StoreError> {
    read_only(open(path, Others::Wait)?)
}

/// For a reader. Opened read-write because a reader that comes after a crash must be able to recover the
/// write-ahead log, but it cannot change anything. `None` when there is no such file.
pub(crate) fn open_reading(path: &Path) -> Result<Option<Connection>, StoreError> {
    read_only(open(path, Others::Share)?)
}

fn read_only(connection: Option<Connection>) -> Result<Option<Connection>, StoreError> {
    if let Some(connection) = &connection {
        connection
            .execute_batch("PRAGMA query_only = ON")
            .map_err(before_commit)?;
    }
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use protocol::SessionId;

    use super::*;
    use crate::{acquire::peek, place::Place, template::Template};

    #[test]
    fn a_reader_alone_needs_no_file_of_its_own_and_sees_the_write_ahead_log() {
        let dir = tempfile::tempdir().unwrap();
        let template = Template::make(dir.path()).unwrap();
        let place = Place::open(dir.path()).unwrap();
        let path = place.make(SessionId::from_bits(1), &template).unwrap();
        let owner = open_owned(&path).unwrap().unwrap();
        owner
            .execute_batch("INSERT INTO fact (position, seq, at, kind, body) VALUES (1, 1, 1, 'k', '{}')")
            .unwrap();
        // What a crash leaves: the fact is in the write-ahead log alone.
        let left = dir.path().join("left.db");
        std::fs::copy(&path, &left).unwrap();
        std::fs::copy(path.with_extension("db-wal"), left.with_extension("db-wal")).unwrap();
        drop(owner);

        let mut alone = open_alone(&left).unwrap().unwrap();
        assert_eq!(peek(&mut alone).unwrap().position, 1);
        assert!(!left.with_extension("db-shm").exists());
        assert!(alone.execute_batch("DELETE FROM fact").is_err(), "it only reads");
    }
}
