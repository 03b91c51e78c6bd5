//! One SQLite file: a writer, a few readers, and tokio's blocking threads to run them on.
//!
//! Writes that come while another is being committed go into the next commit together: many sessions write their
//! rows, and each commit waits for the disk once. Who has many writes waiting does not stand in front of who has one: commits
//! are filled fairly between organisations, and so are the readers' places.

use std::{
    fs::{File, OpenOptions},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::fair::Fair;
use ports::{
    StoreError,
    gate::Gate,
    lane::{self, Lane},
};
use rusqlite::{Connection, OpenFlags, Transaction};

use crate::{
    error::Failure,
    job::{Job, commit_together},
    schema,
};

/// Readers at once; each keeps its connection.
const READERS: usize = 4;
/// Of these for one organisation while others are at work, too.
const SHARE: usize = 2;
/// How long to wait for a lock that another process holds.
const BUSY: Duration = Duration::from_secs(5);

#[derive(Debug, Clone)]
pub(crate) struct Engine(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    writer: Mutex<Connection>,
    queue: Mutex<Queue>,
    readers: Mutex<Vec<Connection>>,
    reading: Gate,
}

/// Writes that wait for the next commit.
#[derive(Debug, Default)]
struct Queue {
    jobs: Fair<Lane, Job>,
    /// Somebody is at it, and looks again before leaving.
    draining: bool,
}

/// Most writes of one commit, so that the first doesn't wait for ever.
const TOGETHER: usize = 128;

impl Shared {
    /// Commits what waits, again and again, until nothing does.
    fn drain(&self) {
        loop {
            let jobs: Vec<Job> = {
                let mut queue = lock(&self.queue);
                if queue.jobs.is_empty() {
                    queue.draining = false;
                    return;
                }
                let fairly = std::iter::from_fn(|| queue.jobs.pop());
                fairly.take(TOGETHER).map(|(_, job)| job).collect()
            };
            // A panic in one write must not leave the others waiting for ever: their senders are dropped, and the
            // next round starts afresh.
            let round = std::panic::AssertUnwindSafe(|| commit_together(&mut lock(&self.writer), jobs));
            if std::panic::catch_unwind(round).is_err() {
                tracing::error!(path = %self.path.display(), "a write panicked; its commit was undone");
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn before(error: rusqlite::Error) -> StoreError {
    Failure::from(error).before_commit()
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(before)?;
    connection.busy_timeout(BUSY).map_err(before)?;
    connection
        .execute_batch("PRAGMA foreign_keys = ON; PRAGMA cache_size = -2048; PRAGMA mmap_size = 0;")
        .map_err(before)?;
    Ok(connection)
}

/// Makes the file for its owner alone, with its name on disk.
fn make(path: &Path) -> std::io::Result<()> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)?
        .sync_all()?;
    match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => File::open(directory)?.sync_all(),
        _ => Ok(()),
    }
}

impl Engine {
    /// Opens (and makes) the file and brings its schema up to date.
    pub(crate) fn open(path: &Path, steps: &[&str]) -> Result<Self, StoreError> {
        make(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => StoreError::Full,
            _ => StoreError::Unavailable(error.to_string()),
        })?;
        let mut writer = connect(path)?;
        let mode: String = writer
            .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
            .map_err(before)?;
        if mode != "wal" {
            return Err(StoreError::Unavailable(
                "the file system does not support write-ahead logging".into(),
            ));
        }
        writer
            .execute_batch("PRAGMA synchronous = FULL")
            .map_err(before)?;
        schema::climb(&mut writer, steps)?;
        Ok(Self(Arc::new(Shared {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            queue: Mutex::default(),
            readers: Mutex::default(),
            reading: Gate::new(READERS, SHARE),
        })))
    }

    /// Runs `work` in a transaction, durable when this returns `Ok`. An `Err` of `work` undoes what it did and nothing
    /// else. It runs to its end even when the caller stops waiting.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, Failure> + Send + 'static,
    {
        let (job, outcome) = Job::new(work);
        let idle = {
            let mut queue = lock(&self.0.queue);
            queue.jobs.push(lane::current(), 1, job);
            !std::mem::replace(&mut queue.draining, true)
        };
        if idle {
            let shared = Arc::clone(&self.0);
            tokio::task::spawn_blocking(move || shared.drain());
        }
        outcome
            .await
            .unwrap_or_else(|_| Err(StoreError::Unknown("the write was lost".into())))
    }

    /// Runs `work` on the writing connection, outside of a transaction and with nobody else writing: for what cannot be
    /// done inside of one.
    pub(crate) async fn alone<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        let shared = Arc::clone(&self.0);
        let done =
            tokio::task::spawn_blocking(move || work(&lock(&shared.writer)).map_err(Failure::before_commit));
        done.await
            .unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
    }

    /// Runs `work` on one consistent state.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        let shared = Arc::clone(&self.0);
        let place = self.0.reading.enter(lane::current()).await;
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            let pooled = lock(&shared.readers).pop();
            let mut connection = match pooled {
                Some(connection) => connection,
                None => {
                    let connection = connect(&shared.path)?;
                    connection
                        .execute_batch("PRAGMA query_only = ON")
                        .map_err(before)?;
                    connection
                }
            };
            let value = {
                let snapshot = connection.transaction().map_err(before)?;
                work(&snapshot).map_err(Failure::before_commit)?
            };
            // After a failure the connection is not put back: a fresh one costs little.
            let mut readers = lock(&shared.readers);
            if readers.len() < READERS {
                readers.push(connection);
            }
            Ok(value)
        });
        done.await
            .unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
    }

    #[cfg(test)]
    pub(crate) fn writer(&self) -> MutexGuard<'_, Connection> {
        lock(&self.0.writer)
    }
}
