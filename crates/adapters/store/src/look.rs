//! A look at a store that may belong to a running server, or to none: nothing is made or changed.

use std::path::Path;

use ports::{StoreError, catalog::OwedRuns};
use rusqlite::{Connection, OpenFlags};

use crate::{codec::time_maybe, codec::unsigned, error::Failure, identity::first};

/// What sessions owe the run history, as the catalogue says. Those that were awake when the last server ended are
/// counted apart: what they owe is in their own logs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Owed {
    pub sleeping: OwedRuns,
    pub awake_sessions: u64,
}

/// Reads `coordinator.db`. `None` when there is none, or one of a version that did not count this yet.
///
/// # Errors
/// When the file cannot be read.
pub fn owed(path: &Path) -> Result<Option<Owed>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    look(path).map_err(Failure::before_commit)
}

/// What each organisation keeps, by its slug, bytes. `None` when there is no `coordinator.db`, or one of a version that did not
/// count this yet.
///
/// # Errors
/// When the file cannot be read.
pub fn kept(path: &Path) -> Result<Option<Vec<(String, u64)>>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    look_at_kept(path).map_err(Failure::before_commit)
}

fn look_at_kept(path: &Path) -> Result<Option<Vec<(String, u64)>>, Failure> {
    let connection = open_read_only(path)?;
    let counted: bool = connection.query_row(
        "SELECT count(*) = 1 FROM pragma_table_info('session_tally') WHERE name = 'bytes'",
        [],
        |row| row.get(0),
    )?;
    if !counted {
        return Ok(None);
    }
    let sql =
        "SELECT slug, bytes FROM session_tally JOIN organisation ON organisation.id = session_tally.org";
    let kept = connection
        .prepare(sql)?
        .query_and_then([], |row| -> Result<_, Failure> {
            Ok((row.get("slug")?, unsigned(row, "bytes")?))
        })?
        .collect::<Result<_, _>>()?;
    Ok(Some(kept))
}

/// A connection that makes and changes nothing, whether a server has the file open or not.
pub(crate) fn open_read_only(path: &Path) -> Result<Connection, Failure> {
    // A file that no server has open has no index of its write-ahead log, and reading it would make one.
    let log = path.with_extension("db-wal");
    let alone = !log.metadata().is_ok_and(|log| log.len() > 0);
    let name = path
        .to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    let uri = format!("file:{name}{}", if alone { "?immutable=1" } else { "?mode=ro" });
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(uri, flags)?)
}

fn look(path: &Path) -> Result<Option<Owed>, Failure> {
    let connection = open_read_only(path)?;
    let counted: bool = connection.query_row(
        "SELECT count(*) = 1 FROM pragma_table_info('session') WHERE name = 'runs_owed'",
        [],
        |row| row.get(0),
    )?;
    if !counted {
        return Ok(None);
    }
    let sql = "SELECT coalesce(sum(runs_owed) FILTER (WHERE awake = 0), 0) AS runs,
                      min(runs_oldest) FILTER (WHERE awake = 0 AND runs_owed > 0) AS oldest,
                      count(*) FILTER (WHERE awake = 1) AS awake
               FROM session WHERE awake = 1 OR runs_owed > 0";
    first(&connection, sql, [], |row| {
        Ok(Owed {
            sleeping: OwedRuns {
                runs: unsigned(row, "runs")?,
                oldest: time_maybe(row, "oldest")?,
            },
            awake_sessions: unsigned(row, "awake")?,
        })
    })
}

#[cfg(test)]
mod tests {
    use ports::Catalog as _;

    use super::*;
    use crate::Database;

    #[tokio::test]
    async fn what_is_owed_is_seen_with_and_without_a_server() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("coordinator.db");
        assert_eq!(owed(&path).unwrap(), None);
        let of_three = OwedRuns {
            runs: 3,
            oldest: Some(testkit::sample::at(7)),
        };
        let database = Database::open(&path).unwrap();
        for n in 1..=2 {
            let row = testkit::sample::session_row(n, testkit::sample::org_id(1));
            database.reserve(row.clone(), None).await.unwrap();
            database.mark_owing(row.id, of_three).await.unwrap();
            if n == 1 {
                database.mark_asleep(row.id, None).await.unwrap();
            }
        }
        let expected = Owed {
            sleeping: of_three,
            awake_sessions: 1,
        };
        assert_eq!(owed(&path).unwrap(), Some(expected), "a server runs");
        drop(database);
        let before: Vec<_> = std::fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(owed(&path).unwrap(), Some(expected), "none does");
        let after: Vec<_> = std::fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(before, after, "nothing was made");
    }
}
