//! Where the files are, and making and removing them durably.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use protocol::SessionId;

use crate::template::Template;

/// Tells files apart that are being made at the same time.
static MADE: AtomicU64 = AtomicU64::new(0);

/// The directory that holds all session files.
#[derive(Debug, Clone)]
pub(crate) struct Place(PathBuf);

impl Place {
    /// Makes the directory if it is missing.
    pub(crate) fn open(data_dir: &Path) -> io::Result<Self> {
        let root = data_dir.join("sessions");
        make_dir(&root)?;
        sync_dir(data_dir)?;
        Ok(Self(root))
    }

    /// Sharded by the last two characters, which are random, so no directory grows large.
    fn shard(&self, id: SessionId) -> PathBuf {
        let text = id.to_string();
        self.0.join(&text[text.len() - 2..])
    }

    pub(crate) fn file(&self, id: SessionId) -> PathBuf {
        self.shard(id).join(format!("{id}.db"))
    }

    /// Makes a file for us alone; it and its name are on disk when this returns. One that is there stays.
    pub(crate) fn make(&self, id: SessionId, template: &Template) -> io::Result<PathBuf> {
        let shard = self.shard(id);
        let path = self.file(id);
        if path.exists() {
            return Ok(path);
        }
        let new_shard = !shard.is_dir();
        make_dir(&shard)?;
        // Under another name until all of it is on disk: half a file is nobody's session.
        let making = shard.join(format!("{id}.{}.new", MADE.fetch_add(1, Ordering::Relaxed)));
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&making)?;
        file.write_all(template.bytes())?;
        file.sync_all()?;
        // Never over one that is there: it may have been made, and written to, meanwhile.
        let linked = std::fs::hard_link(&making, &path);
        std::fs::remove_file(&making)?;
        match linked {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        sync_dir(&shard)?;
        if new_shard {
            sync_dir(&self.0)?;
        }
        Ok(path)
    }

    /// Removes a file and what SQLite keeps beside it. The database goes first: a crash in between leaves
    /// leftovers without a log, never a log without its newest facts.
    pub(crate) fn remove(&self, id: SessionId) -> io::Result<()> {
        let path = self.file(id);
        for suffix in ["", "-wal", "-shm"] {
            let mut name = path.clone().into_os_string();
            name.push(suffix);
            match std::fs::remove_file(&name) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        match sync_dir(&self.shard(id)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

fn make_dir(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
