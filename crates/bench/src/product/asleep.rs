//! Data directories full of sleeping sessions, made from one that a server left: its file and its rows are copied
//! under other ids. So they are what the server writes, whatever it writes, and making them takes a minute and not an
//! hour.

use std::{
    fs,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use protocol::SessionId;
use rusqlite::{Connection, types::Value};

use crate::clock;

/// Copies a session of a stopped server `count` times; answers the ids.
pub(crate) fn multiply(data_dir: &Path, session: &str, count: usize) -> Result<Vec<String>> {
    let id: SessionId = session.parse().ok().context("no session's id")?;
    let file = find(&data_dir.join("sessions"), session)?;
    let template = fs::read(&file)?;
    for suffix in ["-wal", "-journal"] {
        let mut name = file.clone().into_os_string();
        name.push(suffix);
        anyhow::ensure!(
            fs::metadata(&name).map_or(0, |file| file.len()) == 0,
            "the session's file was not closed cleanly"
        );
    }
    let places: Vec<usize> = occurrences(&template, session.as_bytes());
    let shards = file.parent().and_then(Path::parent).context("no directory")?;
    // Made one after the other, the last of them a moment ago.
    let first = clock::unix_ms() - i64::try_from(count)?;
    let mut image = template.clone();
    let mut made = Vec::with_capacity(count);
    for (at, index) in (first..).zip(0..count) {
        let other = SessionId::new(at, spread(index as u128));
        let text = other.to_string();
        for place in &places {
            image[*place..*place + text.len()].copy_from_slice(text.as_bytes());
        }
        let shard = shards.join(&text[text.len() - 2..]);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&shard)?;
        let path = shard.join(format!("{text}.db"));
        let mut out = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(path)?;
        std::io::Write::write_all(&mut out, &image)?;
        made.push(other);
    }
    rows(&data_dir.join("coordinator.db"), id, &made)?;
    Ok(made.iter().map(ToString::to_string).collect())
}

/// Random-looking and always the same.
fn spread(index: u128) -> u128 {
    let mut x = index
        .wrapping_add(1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    x ^= x >> 61;
    x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9_94d0_49bb_1331_11eb);
    x ^ (x >> 57)
}

/// The file that belongs to a session.
pub(crate) fn find(sessions: &Path, session: &str) -> Result<PathBuf> {
    let name = format!("{session}.db");
    for shard in fs::read_dir(sessions)?.flatten() {
        let path = shard.path().join(&name);
        if path.exists() {
            return Ok(path);
        }
    }
    anyhow::bail!("no file of {session}")
}

fn occurrences(image: &[u8], word: &[u8]) -> Vec<usize> {
    image
        .windows(word.len())
        .enumerate()
        .filter(|(_, part)| *part == word)
        .map(|(at, _)| at)
        .collect()
}

/// Copies every row in which the session's id is a column of its own.
fn rows(database: &Path, id: SessionId, made: &[SessionId]) -> Result<()> {
    let mut connection = Connection::open(database)?;
    let tables: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let (text, blob) = (
        Value::Text(id.to_string()),
        Value::Blob(id.bits().to_be_bytes().to_vec()),
    );
    let transaction = connection.transaction()?;
    let mut copied = 0;
    for table in tables {
        let (columns, found) = matching(&transaction, &table, &[&text, &blob])?;
        let marks = vec!["?"; columns.len()].join(", ");
        let names = columns.join(", ");
        for row in found {
            let mut insert =
                transaction.prepare(&format!("INSERT INTO {table} ({names}) VALUES ({marks})"))?;
            for other in made {
                let values = row.iter().map(|value| match value {
                    value if *value == text => Value::Text(other.to_string()),
                    value if *value == blob => Value::Blob(other.bits().to_be_bytes().to_vec()),
                    value => value.clone(),
                });
                insert.execute(rusqlite::params_from_iter(values))?;
                copied += 1;
            }
        }
    }
    transaction.commit()?;
    let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    anyhow::ensure!(copied >= made.len(), "the session has no row in the catalogue");
    Ok(())
}

type Rows = (Vec<String>, Vec<Vec<Value>>);

/// Rows of a table with one of these values, without columns that number the rows.
fn matching(connection: &Connection, table: &str, wanted: &[&Value]) -> Result<Rows> {
    let columns: Vec<(String, bool)> = connection
        .prepare(&format!("PRAGMA table_info({table})"))?
        .query_map([], |row| {
            let kind: String = row.get(2)?;
            let key: i64 = row.get(5)?;
            Ok((row.get(1)?, key == 1 && kind.eq_ignore_ascii_case("integer")))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let columns: Vec<String> = columns
        .into_iter()
        .filter(|(_, numbers)| !numbers)
        .map(|(name, _)| format!("\"{name}\""))
        .collect();
    let mut query = connection.prepare(&format!("SELECT {} FROM {table}", columns.join(", ")))?;
    let mut rows = query.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let values: Vec<Value> = (0..columns.len())
            .map(|index| row.get(index))
            .collect::<rusqlite::Result<_>>()?;
        if values.iter().any(|value| wanted.contains(&value)) {
            found.push(values);
        }
    }
    Ok((columns, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_session_are_copied_under_other_ids() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.db");
        let (id, others) = (
            SessionId::from_bits(7),
            [SessionId::from_bits(8), SessionId::from_bits(9)],
        );
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch("CREATE TABLE a (id BLOB PRIMARY KEY, x TEXT); CREATE TABLE b (n INTEGER PRIMARY KEY, s TEXT)")
            .unwrap();
        connection
            .execute(
                "INSERT INTO a VALUES (?1, 'x')",
                [id.bits().to_be_bytes().to_vec()],
            )
            .unwrap();
        connection
            .execute("INSERT INTO b (s) VALUES (?1)", [id.to_string()])
            .unwrap();
        rows(&path, id, &others).unwrap();
        let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(count("SELECT count(DISTINCT id) FROM a WHERE x = 'x'"), 3);
        assert_eq!(count("SELECT count(DISTINCT s) FROM b"), 3);
    }

    #[test]
    fn ids_are_spread() {
        let all: std::collections::HashSet<u128> = (0..1000).map(|n| spread(n) % 1024).collect();
        assert!(all.len() > 500, "{}", all.len());
    }
}
