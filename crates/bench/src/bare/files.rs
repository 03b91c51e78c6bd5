//! Bare SQLite: one file for each session, write-ahead log, `synchronous=FULL`, one table.

use std::path::{Path, PathBuf};

use anyhow::Result;
use rusqlite::{Connection, TransactionBehavior, params};

/// What is stored of one event: the bytes that came.
pub(crate) type Row = Vec<u8>;

/// What one prompt's commit holds in the product: so many facts, so many bytes altogether.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PromptShape {
    pub(crate) facts: usize,
    pub(crate) bytes: usize,
}

impl PromptShape {
    pub(crate) fn rows(self) -> Vec<Row> {
        vec![vec![b'x'; self.bytes / self.facts]; self.facts]
    }
}

/// Files of a baseline.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    place: PathBuf,
}

impl Files {
    pub(crate) fn new(place: &Path) -> Result<Self> {
        std::fs::create_dir_all(place)?;
        Ok(Self {
            place: place.to_path_buf(),
        })
    }

    pub(crate) fn path(&self, session: usize) -> PathBuf {
        self.place.join(format!("{session}.db"))
    }

    /// Removes a session's file and what SQLite keeps beside it.
    pub(super) fn remove(&self, session: usize) -> Result<()> {
        for suffix in ["", "-wal", "-shm"] {
            let mut name = self.path(session).into_os_string();
            name.push(suffix);
            match std::fs::remove_file(&name) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }

    pub(crate) fn open(&self, session: usize) -> Result<File> {
        let connection = Connection::open(self.path(session))?;
        let _: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        connection.execute_batch(
            "PRAGMA synchronous = FULL;
             CREATE TABLE IF NOT EXISTS fact (seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT",
        )?;
        Ok(File { connection })
    }
}

/// One open file.
#[derive(Debug)]
pub(crate) struct File {
    connection: Connection,
}

impl File {
    /// Rows behind a place.
    pub(super) fn page(&self, after: i64, limit: usize) -> Result<Vec<(i64, String)>> {
        let mut query = self
            .connection
            .prepare_cached("SELECT seq, body FROM fact WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
        let rows = query.query_map(params![after, i64::try_from(limit)?], |row| {
            let body: Vec<u8> = row.get(1)?;
            Ok((row.get(0)?, String::from_utf8_lossy(&body).into_owned()))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Commits some rows.
    pub(crate) fn commit(&mut self, rows: &[Row]) -> Result<()> {
        self.commit_texts(rows.iter().map(Vec::as_slice))
    }

    pub(crate) fn commit_texts<'a>(&mut self, rows: impl Iterator<Item = &'a [u8]>) -> Result<()> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut insert = transaction.prepare_cached("INSERT INTO fact (body) VALUES (?1)")?;
            for row in rows {
                insert.execute(params![row])?;
            }
        }
        transaction.commit()?;
        Ok(())
    }
}
