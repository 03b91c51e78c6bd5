//! The port on top of the files: who owns which, and what runs where.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard},
};

use async_trait::async_trait;
use ports::{
    SessionLog, StoreError,
    idempotency::Written,
    session_log::{Acquired, Commit, LogEntry},
};
use protocol::{PromptId, SessionId, Timestamp};
use rusqlite::Connection;

use crate::{acquire, append, blocking::Blocking, error, file, place::Place, read, recall};

/// One SQLite file for each session below a data directory, which the caller has locked.
#[derive(Debug, Clone)]
pub struct SqliteSessionLog {
    blocking: Blocking,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    place: Place,
    /// Files held open by their owner.
    owners: Mutex<HashMap<SessionId, Arc<Owner>>>,
    /// Deleting excludes opening, so that no reader brings a removed file's companions back.
    gate: RwLock<()>,
}

#[derive(Debug)]
struct Owner {
    epoch: u64,
    connection: Mutex<Connection>,
}

/// A panic elsewhere leaves connections and map usable: SQLite rolls back by itself.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn opening(&self) -> RwLockReadGuard<'_, ()> {
        self.gate.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn owner(&self, id: SessionId) -> Option<Arc<Owner>> {
        lock(&self.owners).get(&id).cloned()
    }

    /// Takes the ownership of this epoch away; an older or newer one stays as it is.
    fn disown(&self, id: SessionId, epoch: u64) -> Option<Arc<Owner>> {
        let mut owners = lock(&self.owners);
        if owners.get(&id).is_some_and(|owner| owner.epoch == epoch) {
            owners.remove(&id)
        } else {
            None
        }
    }

    fn create(&self, id: SessionId) -> Result<(), StoreError> {
        let _opening = self.opening();
        let path = self.place.make(id).map_err(error::io)?;
        file::open_owned(&path).map(drop)
    }

    fn acquire(&self, id: SessionId) -> Result<Option<Acquired>, StoreError> {
        let _opening = self.opening();
        let Some(mut connection) = file::open_owned(&self.place.file(id))? else {
            return Ok(None);
        };
        let acquired = acquire::acquire(&mut connection)?;
        let owner = Arc::new(Owner {
            epoch: acquired.epoch,
            connection: Mutex::new(connection),
        });
        let earlier = {
            let mut owners = lock(&self.owners);
            match owners.get(&id) {
                // Two acquired at once and the other came later: this one is fenced already.
                Some(known) if known.epoch > acquired.epoch => Some(owner),
                _ => owners.insert(id, owner),
            }
        };
        // Closing may fold the log into the file: not while the map is locked.
        drop(earlier);
        Ok(Some(acquired))
    }

    fn append(&self, id: SessionId, epoch: u64, expected: u64, commit: &Commit) -> Result<(), StoreError> {
        let owner = self
            .owner(id)
            .filter(|owner| owner.epoch == epoch)
            .ok_or(StoreError::Fenced)?;
        let result = append::append(&mut lock(&owner.connection), epoch, expected, commit);
        if matches!(result, Err(StoreError::Unknown(_))) {
            // What this connection believes is worth nothing now; the next owner reads the file anew.
            self.disown(id, epoch);
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
        let seen = file::open_reading(&path)
            .and_then(|connection| connection.map(|mut connection| work(&mut connection)).transpose());
        match seen {
            // While it has an owner the index is there, so that was not the trouble.
            Err(StoreError::Full | StoreError::Unavailable(_)) if self.owner(id).is_none() => {}
            seen => return seen,
        }
        let alone = file::open_alone(&path)?;
        alone.map(|mut connection| work(&mut connection)).transpose()
    }

    fn release(&self, id: SessionId, epoch: u64) {
        let Some(owner) = self.disown(id, epoch) else {
            return;
        };
        // Everything is durable in the write-ahead log; folding it in only saves the next opener the work.
        let folded = lock(&owner.connection).query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        if let Err(error) = folded {
            tracing::warn!(session.id = %id, %error, "the write-ahead log could not be folded in");
        }
    }

    fn delete(&self, id: SessionId) -> Result<(), StoreError> {
        let _closed = self.gate.write().unwrap_or_else(PoisonError::into_inner);
        let owner = lock(&self.owners).remove(&id);
        drop(owner);
        self.place.remove(id).map_err(error::io)
    }
}

impl SqliteSessionLog {
    /// Makes the directory if it is missing; opens no session.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn open(data_dir: &Path) -> Result<Self, StoreError> {
        let place = Place::open(data_dir).map_err(error::io)?;
        let shared = Shared {
            place,
            owners: Mutex::default(),
            gate: RwLock::default(),
        };
        Ok(Self {
            blocking: Blocking::default(),
            shared: Arc::new(shared),
        })
    }

    /// How many sessions are held open now.
    #[must_use]
    pub fn open_files(&self) -> usize {
        lock(&self.shared.owners).len()
    }

    async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Shared) -> Result<T, StoreError> + Send + 'static,
    {
        let shared = Arc::clone(&self.shared);
        self.blocking.run(move || work(&shared)).await
    }
}

#[async_trait]
impl SessionLog for SqliteSessionLog {
    async fn create(&self, id: SessionId) -> Result<(), StoreError> {
        self.run(move |shared| shared.create(id)).await
    }

    async fn acquire(&self, id: SessionId) -> Result<Option<Acquired>, StoreError> {
        self.run(move |shared| shared.acquire(id)).await
    }

    async fn peek(&self, id: SessionId) -> Result<Option<Acquired>, StoreError> {
        self.run(move |shared| shared.look(id, acquire::peek)).await
    }

    async fn append(
        &self,
        id: SessionId,
        epoch: u64,
        expected: u64,
        commit: Commit,
    ) -> Result<(), StoreError> {
        self.run(move |shared| shared.append(id, epoch, expected, &commit))
            .await
    }

    async fn read(
        &self,
        id: SessionId,
        after: u64,
        limit: usize,
    ) -> Result<Option<Vec<LogEntry>>, StoreError> {
        self.run(move |shared| shared.look(id, |connection| read::read(connection, after, limit)))
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
            .run(move |shared| {
                shared.look(id, |connection| {
                    read::private_before(connection, prompt_id, &kind)
                })
            })
            .await?;
        Ok(found.flatten())
    }

    async fn head(&self, id: SessionId) -> Result<Option<u64>, StoreError> {
        self.run(move |shared| shared.look(id, |connection| read::head(connection)))
            .await
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
        self.run(move |shared| {
            if let Some(owner) = shared.owner(id) {
                return recall::recall(&lock(&owner.connection), &scope, &key, &fingerprint, now);
            }
            let known = shared.look(id, |connection| {
                recall::recall(connection, &scope, &key, &fingerprint, now)
            })?;
            Ok(known.unwrap_or(Written::Done))
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
