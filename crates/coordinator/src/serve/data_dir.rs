//! The data directory: made private, and owned by one server at a time.

use std::{
    fs::{File, Permissions, TryLockError},
    io::Read as _,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use store::{DataDirLock, LockError};

/// A data directory that this process owns until it is dropped.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    /// Not inherited by children.
    _lock: DataDirLock,
}

/// Another process owns the directory.
#[derive(Debug, thiserror::Error)]
#[error("{} is in use by another server{}; stop it, or give another --data-dir", path.display(), pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default())]
pub struct InUse {
    pub path: PathBuf,
    pub pid: Option<u32>,
}

impl DataDir {
    /// Makes the directory if it is missing, and takes it.
    ///
    /// # Errors
    /// When it cannot be made, belongs to someone else, or another server has it ([`InUse`]).
    pub fn open(path: &Path) -> Result<Self> {
        let shown = path.display();
        let lock = DataDirLock::acquire(path).map_err(|error| match error {
            LockError::AlreadyInUse { pid } => anyhow::Error::new(InUse {
                path: path.to_path_buf(),
                pid,
            }),
            LockError::Io(error) => {
                anyhow::Error::new(error).context(format!("the data directory {shown} cannot be used"))
            }
        })?;
        let path = path
            .canonicalize()
            .with_context(|| format!("the data directory {shown}"))?;
        let metadata = path.metadata()?;
        let own = nix::unistd::geteuid().as_raw();
        if metadata.uid() != own {
            bail!(
                "the data directory {shown} belongs to user {}, this server runs as {own}: chown it, or give another --data-dir",
                metadata.uid()
            );
        }
        if metadata.mode() & 0o077 != 0 {
            tracing::warn!("{shown} could be entered by others; it is private now");
            std::fs::set_permissions(&path, Permissions::from_mode(0o700))?;
        }
        Ok(Self { path, _lock: lock })
    }

    /// Where it is; absolute.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Where the command line meets a running server.
#[must_use]
pub(super) fn admin_socket(data_dir: &Path) -> PathBuf {
    data_dir.join("admin.sock")
}

/// The process that holds a data directory now, without taking it. `None` when nobody does.
#[must_use]
pub fn held_by(data_dir: &Path) -> Option<String> {
    let file = File::open(data_dir.join("lock")).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let _ = file.take(32).read_to_string(&mut text);
            let pid = text.trim();
            let known = !pid.is_empty() && pid.bytes().all(|byte| byte.is_ascii_digit());
            Some(if known {
                pid.to_owned()
            } else {
                "unknown".to_owned()
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_at_a_time_and_private() {
        let base = tempfile::tempdir().unwrap();
        let path = base.path().join("a/data");
        let first = DataDir::open(&path).unwrap();
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o700);
        let pid = std::process::id();
        assert_eq!(held_by(&path), Some(pid.to_string()));
        let error = DataDir::open(&path).unwrap_err();
        assert_eq!(error.downcast_ref::<InUse>().unwrap().pid, Some(pid));
        assert!(error.to_string().contains(&pid.to_string()));
        drop(first);
        assert_eq!(held_by(&path), None);
        DataDir::open(&path).unwrap();
    }

    #[test]
    fn an_open_directory_is_closed() {
        let base = tempfile::tempdir().unwrap();
        std::fs::set_permissions(base.path(), Permissions::from_mode(0o755)).unwrap();
        DataDir::open(base.path()).unwrap();
        assert_eq!(base.path().metadata().unwrap().mode() & 0o777, 0o700);
    }
}
