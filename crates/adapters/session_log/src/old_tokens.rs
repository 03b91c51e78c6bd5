//! Repository tokens that an earlier version sealed straight under a master key (format 1). They are in the logs of
//! sessions, which only grow, so they are never sealed anew: whoever wants to part with an old master key has to know
//! of them. Looks from outside, with or without a running server; makes and changes nothing.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use ports::StoreError;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use crate::error::{before_commit, io};

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OldTokens {
    /// Sessions by the public name of the master key that opens their token.
    pub by_key: BTreeMap<String, u64>,
    /// Files that were looked into.
    pub files: u64,
    /// Files that cannot be read now.
    pub unread: u64,
    /// True when there were more files than were to be looked into.
    pub more: bool,
}

/// Looks into at most `most` session files of a data directory.
///
/// # Errors
/// When the directory cannot be read.
pub fn old_tokens(data_dir: &Path, most: u64) -> Result<OldTokens, StoreError> {
    let mut found = OldTokens::default();
    let root = data_dir.join("sessions");
    if !root.is_dir() {
        return Ok(found);
    }
    for shard in entries(&root)? {
        if !shard.is_dir() {
            continue;
        }
        for file in entries(&shard)? {
            if file.extension().is_none_or(|extension| extension != "db") {
                continue;
            }
            if found.files == most {
                found.more = true;
                return Ok(found);
            }
            found.files += 1;
            match key_of(&file) {
                Ok(Some(key)) => *found.by_key.entry(key).or_default() += 1,
                Ok(None) => {}
                Err(_) => found.unread += 1,
            }
        }
    }
    Ok(found)
}

fn entries(directory: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = fs::read_dir(directory).map_err(io)?;
    entries
        .map(|entry| entry.map(|entry| entry.path()).map_err(io))
        .collect()
}

/// The key of its token, if that is in format 1.
fn key_of(file: &Path) -> Result<Option<String>, StoreError> {
    // A file that no server has open has no index of its write-ahead log, and reading it would make one.
    let log = file.with_extension("db-wal");
    let alone = !log.metadata().is_ok_and(|log| log.len() > 0);
    let uri = format!(
        "file:{}{}",
        file.to_string_lossy()
            .replace('%', "%25")
            .replace('?', "%3f")
            .replace('#', "%23"),
        if alone { "?immutable=1" } else { "?mode=ro" }
    );
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(uri, flags).map_err(before_commit)?;
    // It is in the first facts of a session or nowhere.
    let sql = "SELECT json_extract(body, '$.data.git_token.key_id') FROM fact
               WHERE position <= 8 AND json_extract(body, '$.kind') = 'profiled'
                 AND json_extract(body, '$.data.git_token.version') = 1";
    connection
        .query_row(sql, [], |row| row.get(0))
        .optional()
        .map_err(before_commit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(dir: &Path, name: &str, body: &str) {
        let shard = dir.join("sessions/ab");
        fs::create_dir_all(&shard).unwrap();
        let connection = Connection::open(shard.join(name)).unwrap();
        connection
            .execute_batch("CREATE TABLE fact (position INTEGER PRIMARY KEY, kind TEXT, body TEXT)")
            .unwrap();
        connection
            .execute("INSERT INTO fact VALUES (1, 'private', ?1)", [body])
            .unwrap();
    }

    #[test]
    fn tokens_of_the_first_format_are_counted_by_their_key() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(old_tokens(dir.path(), 10).unwrap(), OldTokens::default());
        let profiled = |token: &str| format!(r#"{{"kind":"profiled","data":{{"git_token":{token}}}}}"#);
        session(
            dir.path(),
            "a.db",
            &profiled(r#"{"version":1,"key_id":"0a0b","data":""}"#),
        );
        session(
            dir.path(),
            "b.db",
            &profiled(r#"{"version":2,"key_id":"0c0d","data":""}"#),
        );
        session(dir.path(), "c.db", &profiled("null"));
        fs::write(dir.path().join("sessions/ab/d.db"), "no database").unwrap();
        let found = old_tokens(dir.path(), 10).unwrap();
        assert_eq!(found.by_key, BTreeMap::from([("0a0b".to_owned(), 1)]));
        assert_eq!((found.files, found.unread, found.more), (4, 1, false));
        let part = old_tokens(dir.path(), 2).unwrap();
        assert_eq!((part.files, part.more), (2, true));
    }
}
