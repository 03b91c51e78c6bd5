//! The port on top of the files: who owns which, and what runs where.

use std::{
    path::Path,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
};

use async_trait::async_trait;
use ports::{
    SessionLog, StoreError,
    idempotency::Written,
    session_log::{Acquired, Commit, LogEntry},
};
use protocol::{PromptId, SessionId, Timestamp};
use rusqlite::Connection;

use crate::{
    acquire, append,
    blocking::Blocking,
    error, facts, file,
    open_files::{OpenFiles, Owner},
    place::Place,
    quarantine::Quarantine,
    read, recall,
    template::Template,
};

/// Files of owners that are open at a time; each costs about 140 KiB and three descriptors.
const MOST_OPEN: usize = 2_000;

/// One SQLite file for each session below a data directory, which the caller has locked.
#[derive(Debug, Clone)]
pub struct SqliteSessionLog {
    blocking: Blocking,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    place: Place,
    template: Template,
    files: OpenFiles,
    quarantine: Quarantine,
    /// Deleting excludes opening, so that no reader brings a removed file's companions back.
    gate: RwLock<()>,
}

impl Shared {
    fn opening(&self) -> RwLockReadGuard<'_, ()> {
        self.gate.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn create(&self, id: SessionId) -> Result<(), StoreError> {
        let _opening = self.opening();
        self.place.make(id, &self.template).map(drop).map_err(error::io)
    }

    fn acquire(&self, id: SessionId) -> Result<Option<Acquired>, StoreError> {
        let _opening = self.opening();
        self.files.acquire(id, &self.place.file(id))
    }

    fn owner(&self, id: SessionId, epoch: u64) -> Result<Arc<Owner>, StoreError> {
        self.files
            .owner(id)
            .filter(|owner| owner.epoch == epoch)
            .ok_or(StoreError::Fenced)
    }

    fn append(&self, id: SessionId, epoch: u64, expected: u64, commit: &Commit) -> Result<(), StoreError> {
        let owner = self.owner(id, epoch)?;
        let path = self.place.file(id);
        let result = self
            .files
            .with(&owner, &path, |owned| append::append(owned, expected, commit));
        if matches!(result, Err(StoreError::Unknown(_))) {
            // What this connection believes is worth nothing now; the next owner reads the file anew.
            if let Some(owner) = self.files.disown(id, epoch) {
                self.files.end(&owner);
            }
        }
        result
    }

    /// Reads; on a full disk too.
    fn look<T>(
        &self,
        id: SessionId,
        work: impl Fn(&mut Connection) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let _opening = self.opening();
        let path = self.place.file(id);
        let owner = self.files.owner(id);
        let opened = match owner.as_ref().and_then(|owner| self.files.take_reader(owner)) {
            Some(connection) => Ok(Some(connection)),
            None => file::open_reading(&path),
        };
        let seen = opened.and_then(|connection| {
            let Some(mut connection) = connection else {
                return Ok(None);
            };
            let seen = work(&mut connection)?;
            // After a failure it isn't kept: a fresh one costs little.
            if let Some(owner) = owner {
                self.files.keep_reader(&owner, connection);
            }
            Ok(Some(seen))
        });
        match seen {
            // While it has an owner the index is there, so that was not the trouble.
            Err(StoreError::Full | StoreError::Unavailable(_)) if self.files.owner(id).is_none() => {}
            seen => return seen,
        }
        let alone = file::open_alone(&path)?;
        alone.map(|mut connection| work(&mut connection)).transpose()
    }

    fn head(&self, id: SessionId) -> Result<Option<u64>, StoreError> {
        match self.files.owner(id).and_then(|owner| owner.head()) {
            Some(head) => Ok(Some(head)),
            None => self.look(id, |connection| read::head(connection)),
        }
    }

    fn recall(
        &self,
        id: SessionId,
        (scope, key, fingerprint): (&str, &str, &[u8; 32]),
        now: Timestamp,
    ) -> Result<Written, StoreError> {
        let recall = |connection: &Connection| recall::recall(connection, scope, key, fingerprint, now);
        if let Some(owner) = self.files.owner(id) {
            let path = self.place.file(id);
            match self.files.with(&owner, &path, |owned| recall(&owned.connection)) {
                // It is over by now; what it wrote is in the file.
                Err(StoreError::Fenced) => {}
                known => return known,
            }
        }
        let known = self.look(id, |connection| recall(connection))?;
        Ok(known.unwrap_or(Written::Done))
    }

    fn release(&self, id: SessionId, epoch: u64) {
        let Some(owner) = self.files.disown(id, epoch) else {
            return;
        };
        if let Err(error) = self.files.fold(&owner) {
            tracing::warn!(session.id = %id, %error, "the write-ahead log could not be folded in");
        }
    }

    fn delete(&self, id: SessionId) -> Result<(), StoreError> {
        let _closed = self.gate.write().unwrap_or_else(PoisonError::into_inner);
        self.files.forget(id);
        self.place.remove(id).map_err(error::io)?;
        self.quarantine.forget(id).map_err(error::io)
    }
}

impl SqliteSessionLog {
    /// Makes the directory if it is missing; opens no session.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn open(data_dir: &Path) -> Result<Self, StoreError> {
        Self::open_with(data_dir, MOST_OPEN)
    }

    /// As [`Self::open`], with another bound on the files open at a time.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn open_with(data_dir: &Path, most_open: usize) -> Result<Self, StoreError> {
        let place = Place::open(data_dir).map_err(error::io)?;
        let shared = Shared {
            template: Template::make(data_dir)?,
            place,
            files: OpenFiles::new(most_open),
            quarantine: Quarantine::open(data_dir).map_err(error::io)?,
            gate: RwLock::default(),
        };
        Ok(Self {
            blocking: Blocking::default(),
            shared: Arc::new(shared),
        })
    }

    /// How many sessions' files are held open by their owners now.
    #[must_use]
    pub fn open_files(&self) -> usize {
        self.shared.files.open()
    }

    async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Shared) -> Result<T, StoreError> + Send + 'static,
    {
        let shared = Arc::clone(&self.shared);
        self.blocking.run(move || work(&shared)).await
    }

    /// The same with a session's file, unless that is known to be damaged.
    async fn on<T, F>(&self, id: SessionId, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Shared) -> Result<T, StoreError> + Send + 'static,
    {
        self.run(move |shared| {
            let file = || shared.place.file(id);
            shared.quarantine.guard(id, file, || work(shared))
        })
        .await
    }
}

#[async_trait]
impl SessionLog for SqliteSessionLog {
    async fn create(&self, id: SessionId) -> Result<(), StoreError> {
        self.run(move |shared| shared.create(id)).await
    }

    async fn acquire(&self, id: SessionId) -> Result<Option<Acquired>, StoreError> {
        self.on(id, move |shared| shared.acquire(id)).await
    }

    async fn peek(&self, id: SessionId) -> Result<Option<Acquired>, StoreError> {
        self.on(id, move |shared| shared.look(id, acquire::peek)).await
    }

    async fn append(
        &self,
        id: SessionId,
        epoch: u64,
        expected: u64,
        commit: Commit,
    ) -> Result<(), StoreError> {
        self.on(id, move |shared| shared.append(id, epoch, expected, &commit))
            .await
    }

    async fn read(
        &self,
        id: SessionId,
        after: u64,
        limit: usize,
    ) -> Result<Option<Vec<LogEntry>>, StoreError> {
        self.on(id, move |shared| {
            shared.look(id, |connection| read::read(connection, after, limit))
        })
        .await
    }

    async fn facts(
        &self,
        id: SessionId,
        after: u64,
        limit: usize,
    ) -> Result<Option<Vec<LogEntry>>, StoreError> {
        self.on(id, move |shared| {
            shared.look(id, |connection| facts::facts(connection, after, limit))
        })
        .await
    }

    async fn private_before(
        &self,
        id: SessionId,
        prompt_id: PromptId,
        kind: &str,
    ) -> Result<Option<LogEntry>, StoreError> {
        let kind = kind.to_owned();
        let found = self
            .on(id, move |shared| {
                shared.look(id, |connection| {
                    read::private_before(connection, prompt_id, &kind)
                })
            })
            .await?;
        Ok(found.flatten())
    }

    async fn head(&self, id: SessionId) -> Result<Option<u64>, StoreError> {
        self.on(id, move |shared| shared.head(id)).await
    }

    async fn recall(
        &self,
        id: SessionId,
        scope: &str,
        key: &str,
        fingerprint: &[u8; 32],
        now: Timestamp,
    ) -> Result<Written, StoreError> {
        let (scope, key, fingerprint) = (scope.to_owned(), key.to_owned(), *fingerprint);
        self.on(id, move |shared| {
            shared.recall(id, (&scope, &key, &fingerprint), now)
        })
        .await
    }

    async fn release(&self, id: SessionId, epoch: u64) -> Result<(), StoreError> {
        self.run(move |shared| {
            shared.release(id, epoch);
            Ok(())
        })
        .await
    }

    async fn delete(&self, id: SessionId) -> Result<(), StoreError> {
        self.run(move |shared| shared.delete(id)).await
    }
}
