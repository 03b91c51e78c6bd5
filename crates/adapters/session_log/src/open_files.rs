//! Who owns which file, and which of those files are open: at most so many, the least recently used is closed first.

use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use ports::{StoreError, session_log::Acquired};
use protocol::SessionId;
use rusqlite::Connection;

use crate::{acquire, file, owned::Owned};

/// Connections of readers that are kept.
const MOST_READERS: usize = 64;

/// A panic elsewhere leaves connections and maps usable: SQLite rolls back by itself.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One ownership.
#[derive(Debug)]
pub(crate) struct Owner {
    pub(crate) epoch: u64,
    /// Where the log ends, as of the last append. `None` while that is being read.
    ends: Mutex<Option<Ends>>,
    file: Mutex<Hold>,
    /// A reader's connection that waits for the next reader; only while the session is owned.
    reader: Mutex<Option<Connection>>,
    used: AtomicU64,
}

/// An owner's hold on its file.
#[derive(Debug)]
enum Hold {
    Open(Box<Owned>),
    /// Closed to make room for others; opened again when it is needed.
    Closed,
    /// Another owns the file now, or nobody does.
    Over,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Ends {
    position: u64,
    head: u64,
}

impl Ends {
    fn of(owned: &Owned) -> Self {
        Self {
            position: owned.position,
            head: owned.head,
        }
    }
}

impl Owner {
    /// `seq` of the last public event, where it is known.
    pub(crate) fn head(&self) -> Option<u64> {
        lock(&self.ends).map(|ends| ends.head)
    }
}

#[derive(Debug)]
pub(crate) struct OpenFiles {
    owners: Mutex<HashMap<SessionId, Arc<Owner>>>,
    /// Highest epoch given out by this process: none is given out twice, even if it was never written.
    epochs: Mutex<u64>,
    most: usize,
    open: AtomicUsize,
    /// Connections of readers that wait for the next one.
    readers: AtomicUsize,
    clock: AtomicU64,
}

impl OpenFiles {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            owners: Mutex::default(),
            epochs: Mutex::default(),
            most: most.max(1),
            open: AtomicUsize::new(0),
            readers: AtomicUsize::new(0),
            clock: AtomicU64::new(0),
        }
    }

    /// Files open now.
    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    pub(crate) fn owner(&self, id: SessionId) -> Option<Arc<Owner>> {
        lock(&self.owners).get(&id).cloned()
    }

    /// Becomes the owner. `None` when there is no such file.
    pub(crate) fn acquire(&self, id: SessionId, path: &Path) -> Result<Option<Acquired>, StoreError> {
        let Some(mut connection) = file::open_owned(path)? else {
            return Ok(None);
        };
        let stored = acquire::epoch(&connection)?;
        let epoch = {
            let mut epochs = lock(&self.epochs);
            *epochs = (*epochs).max(stored) + 1;
            *epochs
        };
        let owner = Arc::new(Owner {
            epoch,
            ends: Mutex::default(),
            file: Mutex::new(Hold::Closed),
            reader: Mutex::default(),
            used: AtomicU64::new(0),
        });
        // Whoever comes next waits here until this one knows where the log ends.
        let mut hold = lock(&owner.file);
        let earlier = {
            let mut owners = lock(&self.owners);
            match owners.get(&id) {
                // Two acquired at once and the other came later: this one is over before it began.
                Some(known) if known.epoch > epoch => {
                    *hold = Hold::Over;
                    None
                }
                _ => owners.insert(id, Arc::clone(&owner)),
            }
        };
        if let Some(earlier) = earlier {
            self.end(&earlier);
        }
        // Nobody else appends from here on, so what is read now stays true.
        let read = acquire::acquire(&mut connection);
        let (mut acquired, alarm) = match read {
            Ok(read) => read,
            Err(error) => {
                drop(hold);
                if let Some(owner) = self.disown(id, epoch) {
                    self.end(&owner);
                }
                return Err(error);
            }
        };
        if !matches!(*hold, Hold::Over) {
            let owned = Owned::new(connection, epoch, &acquired, alarm);
            *lock(&owner.ends) = Some(Ends::of(&owned));
            *hold = Hold::Open(Box::new(owned));
            self.open.fetch_add(1, Ordering::Relaxed);
        }
        drop(hold);
        acquired.epoch = epoch;
        self.touch(&owner);
        self.make_room(&owner);
        Ok(Some(acquired))
    }

    /// Works with an owner's file, which is opened again if it was closed to make room.
    pub(crate) fn with<T>(
        &self,
        owner: &Arc<Owner>,
        path: &Path,
        work: impl FnOnce(&mut Owned) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.touch(owner);
        let mut hold = lock(&owner.file);
        let reopened = matches!(*hold, Hold::Closed);
        if reopened {
            *hold = Hold::Open(Box::new(Self::reopen(owner, path)?));
            self.open.fetch_add(1, Ordering::Relaxed);
        }
        let Hold::Open(owned) = &mut *hold else {
            return Err(StoreError::Fenced);
        };
        let result = work(owned);
        *lock(&owner.ends) = Some(Ends::of(owned));
        drop(hold);
        if reopened {
            self.make_room(owner);
        }
        result
    }

    fn reopen(owner: &Owner, path: &Path) -> Result<Owned, StoreError> {
        let Some(mut connection) = file::open_owned(path)? else {
            return Err(StoreError::Fenced);
        };
        let (acquired, alarm) = acquire::acquire(&mut connection)?;
        let stored = acquired.epoch;
        let mut owned = Owned::new(connection, owner.epoch, &acquired, alarm);
        if stored > owner.epoch || Some(Ends::of(&owned)) != *lock(&owner.ends) {
            return Err(StoreError::Fenced);
        }
        owned.claimed = stored == owner.epoch;
        Ok(owned)
    }

    /// A connection for a reader, if one is left from an earlier one.
    pub(crate) fn take_reader(&self, owner: &Owner) -> Option<Connection> {
        let reader = lock(&owner.reader).take();
        if reader.is_some() {
            self.readers.fetch_sub(1, Ordering::Relaxed);
        }
        reader
    }

    /// Readers of a session that is awake come again and again: one connection waits for them, in a few sessions.
    pub(crate) fn keep_reader(&self, owner: &Owner, connection: Connection) {
        let hold = lock(&owner.file);
        let mut reader = lock(&owner.reader);
        let room = self.readers.load(Ordering::Relaxed) < MOST_READERS;
        if reader.is_none() && room && matches!(&*hold, Hold::Open(_)) {
            *reader = Some(connection);
            self.readers.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Takes the ownership of this epoch away; an older or newer one stays as it is.
    pub(crate) fn disown(&self, id: SessionId, epoch: u64) -> Option<Arc<Owner>> {
        let mut owners = lock(&self.owners);
        if owners.get(&id).is_some_and(|owner| owner.epoch == epoch) {
            owners.remove(&id)
        } else {
            None
        }
    }

    /// Whoever owns it does so no longer.
    pub(crate) fn forget(&self, id: SessionId) {
        let owner = lock(&self.owners).remove(&id);
        if let Some(owner) = owner {
            self.end(&owner);
        }
    }

    /// Folds what is in the write-ahead log into the file, and ends the ownership.
    pub(crate) fn fold(&self, owner: &Owner) -> Result<(), StoreError> {
        let folded = match &*lock(&owner.file) {
            // Only what was written needs folding.
            Hold::Open(owned) if owned.claimed => file::fold(&owned.connection),
            _ => Ok(()),
        };
        self.end(owner);
        folded
    }

    /// Waits for what it is doing; after that it does nothing more.
    pub(crate) fn end(&self, owner: &Owner) {
        self.close(owner, Hold::Over);
    }

    fn close(&self, owner: &Owner, left: Hold) {
        let (hold, reader) = {
            let mut hold = lock(&owner.file);
            let reader = self.take_reader(owner);
            (std::mem::replace(&mut *hold, left), reader)
        };
        if matches!(hold, Hold::Open(_)) {
            self.open.fetch_sub(1, Ordering::Relaxed);
        }
        drop(reader);
        drop(hold);
    }

    fn touch(&self, owner: &Owner) {
        let now = self.clock.fetch_add(1, Ordering::Relaxed);
        owner.used.store(now, Ordering::Relaxed);
    }

    /// Closes what was not used for longest, until the bound holds. A file in use stays open.
    fn make_room(&self, keep: &Arc<Owner>) {
        while self.open() > self.most {
            let oldest = {
                let owners = lock(&self.owners);
                owners
                    .values()
                    .filter(|owner| !Arc::ptr_eq(owner, keep))
                    .filter(|owner| {
                        let hold = owner.file.try_lock();
                        hold.is_ok_and(|hold| matches!(*hold, Hold::Open(_)))
                    })
                    .min_by_key(|owner| owner.used.load(Ordering::Relaxed))
                    .cloned()
            };
            let Some(oldest) = oldest else { return };
            self.close_idle(&oldest);
        }
    }

    fn close_idle(&self, owner: &Owner) {
        if matches!(*lock(&owner.file), Hold::Open(_)) {
            self.close(owner, Hold::Closed);
        }
    }
}
