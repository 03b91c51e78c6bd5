//! One process owns a data directory: an exclusive lock on `<data directory>/lock`, with the owner's pid inside.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    time::Duration,
};

/// Why a data directory could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// `pid` is what the owner wrote; `None` when it has not got that far.
    #[error("the data directory is in use by another server{}", pid_note(*pid))]
    AlreadyInUse { pid: Option<u32> },
    #[error("the data directory cannot be used")]
    Io(#[from] io::Error),
}

fn pid_note(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (process {pid})")).unwrap_or_default()
}

/// A server that is killed while it starts another program leaves the lock for a moment to that program, which has
/// everything of its parent until it is itself. So a lock whose owner is gone is waited for.
const TRIES: u32 = 500;
const PAUSE: Duration = Duration::from_millis(20);

/// Held while the process owns the directory; the kernel gives it back when the process ends, however it ends.
#[derive(Debug)]
pub struct DataDirLock(#[expect(dead_code, reason = "holding the file open is what it is for")] File);

impl DataDirLock {
    /// Makes the directory (for its owner alone) if it is missing, and takes it.
    ///
    /// # Errors
    /// [`LockError::AlreadyInUse`] when another process has it.
    pub fn acquire(data_dir: &Path) -> Result<Self, LockError> {
        DirBuilder::new().recursive(true).mode(0o700).create(data_dir)?;
        let path = data_dir.join("lock");
        // Not truncated: until the lock is ours, what is inside is the owner's.
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)?;
        let mut tries = 0;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) => {
                    let pid = owner(&mut file);
                    tries += 1;
                    if tries > TRIES || !pid.is_some_and(is_gone) {
                        return Err(LockError::AlreadyInUse { pid });
                    }
                    std::thread::park_timeout(PAUSE);
                }
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        match sign(&mut file) {
            // The lock is what counts; who holds it is a courtesy, and reads are to go on without room.
            Err(error) if error.kind() == io::ErrorKind::StorageFull => {}
            signed => signed?,
        }
        Ok(Self(file))
    }
}

/// Whose the lock is, as it says itself.
fn owner(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

/// True for a process that has ended, whether or not anybody has waited for it.
fn is_gone(pid: u32) -> bool {
    match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
        // The name in the second field may hold anything; the state follows it.
        Ok(stat) => stat
            .rsplit_once(')')
            .is_some_and(|(_, rest)| rest.trim_start().starts_with(['Z', 'X'])),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// Written over what is there: room that is given back first may be gone when it is needed again.
fn sign(file: &mut File) -> io::Result<()> {
    let pid = format!("{}\n", std::process::id());
    file.rewind()?;
    file.write_all(pid.as_bytes())?;
    file.set_len(pid.len() as u64)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_has_one_owner_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let data_dir = dir.path().join("made/on/demand");
        let first = DataDirLock::acquire(&data_dir).unwrap();
        let refused = DataDirLock::acquire(&data_dir).unwrap_err();
        assert!(matches!(refused, LockError::AlreadyInUse { pid: Some(pid) } if pid == std::process::id()));
        assert!(refused.to_string().contains(&std::process::id().to_string()));
        drop(first);
        DataDirLock::acquire(&data_dir).unwrap();
    }

    #[test]
    fn what_a_dead_owner_left_behind_is_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let mut dead = std::process::Command::new("true").spawn().unwrap();
        let pid = dead.id();
        // The heir: another who has the file open.
        let mut file = File::create_new(dir.path().join("lock")).unwrap();
        file.try_lock().unwrap();
        writeln!(file, "{pid}").unwrap();
        dead.wait().unwrap();
        let heir = std::thread::spawn(move || {
            std::thread::park_timeout(Duration::from_millis(100));
            drop(file);
        });
        DataDirLock::acquire(dir.path()).unwrap();
        heir.join().unwrap();
    }
}
