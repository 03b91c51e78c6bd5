//! Damaged files: found once, never opened again.
//!
//! The file stays where it is and a note about it is put into `quarantine/`. It is not moved, because a database and its
//! write-ahead log belong together and two files cannot be moved in one step: a crash in between would leave a database
//! without its newest facts, which looks whole. The note is what the operator and `coordinator doctor` find, and what
//! keeps this process from writing into a file that it cannot read.

use std::{
    collections::HashMap,
    fs,
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use ports::StoreError;
use protocol::SessionId;
use serde::{Deserialize, Serialize};

/// Directory of the notes, below the data directory.
const NAME: &str = "quarantine";
/// In the words of a file that a newer build has written: nothing is wrong with that one.
const NEWER: &str = "newer version";

/// What is known of a damaged file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damaged {
    pub session: SessionId,
    /// Below the data directory.
    pub file: PathBuf,
    pub reason: String,
}

/// Reads the notes of a data directory. Changes nothing.
///
/// # Errors
/// When the directory is there and cannot be read.
pub fn damaged(data_dir: &Path) -> io::Result<Vec<Damaged>> {
    let entries = match fs::read_dir(data_dir.join(NAME)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let text = fs::read(entry?.path())?;
        // A note that was cut short by a crash is written again when the damage is met again.
        found.extend(serde_json::from_slice::<Damaged>(&text));
    }
    found.sort_by_key(|damaged| damaged.session);
    Ok(found)
}

#[derive(Debug)]
pub(crate) struct Quarantine {
    data_dir: PathBuf,
    known: RwLock<HashMap<SessionId, String>>,
    /// Spares everybody the lock while all is well.
    any: AtomicBool,
}

impl Quarantine {
    pub(crate) fn open(data_dir: &Path) -> io::Result<Self> {
        let known: HashMap<_, _> = damaged(data_dir)?
            .into_iter()
            .map(|damaged| (damaged.session, damaged.reason))
            .collect();
        Ok(Self {
            data_dir: data_dir.to_path_buf(),
            any: AtomicBool::new(!known.is_empty()),
            known: RwLock::new(known),
        })
    }

    /// Works on a file unless it is known to be damaged, and remembers when it turns out to be.
    pub(crate) fn guard<T>(
        &self,
        id: SessionId,
        file: impl FnOnce() -> PathBuf,
        work: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.any.load(Ordering::Acquire)
            && let Some(reason) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&id)
        {
            return Err(StoreError::Corrupt(reason.clone()));
        }
        let result = work();
        if let Err(StoreError::Corrupt(reason)) = &result
            && !reason.contains(NEWER)
        {
            self.add(id, &file(), reason);
        }
        result
    }

    /// From now on nobody opens it.
    pub(crate) fn add(&self, id: SessionId, file: &Path, reason: &str) {
        tracing::error!(session.id = %id, file = %file.display(), reason, "a session's file is damaged; it is left alone from now on");
        let note = Damaged {
            session: id,
            file: file.strip_prefix(&self.data_dir).unwrap_or(file).to_path_buf(),
            reason: reason.to_owned(),
        };
        if let Err(error) = self.write(&note) {
            // Known to this process all the same; the next one finds out by itself.
            tracing::warn!(session.id = %id, %error, "the note about a damaged file cannot be written");
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(id, note.reason);
        self.any.store(true, Ordering::Release);
    }

    fn write(&self, note: &Damaged) -> io::Result<()> {
        let dir = self.data_dir.join(NAME);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&dir)?;
        let mut file = fs::OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(true)
            .mode(0o600)
            .open(self.note(note.session))?;
        file.write_all(&serde_json::to_vec(note)?)?;
        file.sync_all()?;
        fs::File::open(dir)?.sync_all()
    }

    fn note(&self, id: SessionId) -> PathBuf {
        self.data_dir.join(NAME).join(format!("{id}.json"))
    }

    /// Its file is gone.
    pub(crate) fn forget(&self, id: SessionId) -> io::Result<()> {
        if !self.any.load(Ordering::Acquire) {
            return Ok(());
        }
        match fs::remove_file(self.note(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        self.known
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
        Ok(())
    }
}
