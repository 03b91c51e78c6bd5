//! The baseline of a creation: a file whose name is on disk, its tables, and its first commit.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, Result};
use rusqlite::{Connection, TransactionBehavior, params};

use crate::clock;

/// Facts of a new session, and their bytes together.
const FACTS: usize = 2;
const BYTES: usize = 750;

/// Makes files in directories as the product has them.
pub(crate) struct Creation {
    place: PathBuf,
    next: AtomicU64,
}

impl Creation {
    pub(crate) fn new(place: &Path) -> Result<Arc<Self>> {
        make(place)?;
        Ok(Arc::new(Self {
            place: place.to_path_buf(),
            next: AtomicU64::new(0),
        }))
    }

    /// How many are made in a second by so many threads.
    pub(crate) async fn rate(self: &Arc<Self>, threads: usize, span: Duration) -> Result<f64> {
        let began = clock::now();
        let tasks: Vec<_> = (0..threads)
            .map(|_| {
                let creation = Arc::clone(self);
                tokio::task::spawn_blocking(move || {
                    let mut made = 0_u32;
                    while clock::seconds(began, clock::now()) < span.as_secs_f64() {
                        creation.one()?;
                        made += 1;
                    }
                    Ok::<u32, anyhow::Error>(made)
                })
            })
            .collect();
        let mut made = 0;
        for task in tasks {
            made += task.await??;
        }
        Ok(f64::from(made) / clock::seconds(began, clock::now()))
    }

    fn one(&self) -> Result<()> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let shard = self.place.join(format!("{:02x}", number % 256));
        make(&shard)?;
        let path = shard.join(format!("{number}.db"));
        OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&path)?
            .sync_all()?;
        File::open(&shard)?.sync_all()?;
        let mut connection = Connection::open(&path)?;
        let _: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        connection.execute_batch("PRAGMA synchronous = FULL")?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(
            "CREATE TABLE fact (position INTEGER PRIMARY KEY, seq INTEGER, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT;
             CREATE TABLE meta (id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, alarm INTEGER) STRICT;
             CREATE TABLE idempotency (key TEXT PRIMARY KEY, reply TEXT NOT NULL) STRICT, WITHOUT ROWID;
             INSERT INTO meta VALUES (1, 1, NULL);",
        )?;
        let body = "x".repeat(BYTES / FACTS);
        for seq in 0..i64::try_from(FACTS).context("a count")? {
            transaction.execute(
                "INSERT INTO fact (seq, kind, body) VALUES (?1, 'fact', ?2)",
                params![seq, body],
            )?;
        }
        transaction.commit()?;
        Ok(())
    }
}

fn make(path: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    Ok(())
}
