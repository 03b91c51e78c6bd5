//! The data directory: made private, and owned by one server at a time.

use std::{
    fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

/// A data directory that this process owns until it is dropped.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    /// Held open: the lock ends with it. Not inherited by children.
    _lock: File,
}

/// Another process owns the directory.
#[derive(Debug, thiserror::Error)]
#[error("{} is in use by another server{}; stop it, or give another --data-dir", path.display(), pid.as_deref().map(|pid| format!(" (pid {pid})")).unwrap_or_default())]
pub struct InUse {
    pub path: PathBuf,
    pub pid: Option<String>,
}

impl DataDir {
    /// Makes the directory if it is missing, and takes it.
    ///
    /// # Errors
    /// When it cannot be made, belongs to someone else, or another server has it ([`InUse`]).
    pub fn open(path: &Path) -> Result<Self> {
        let shown = path.display();
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .with_context(|| format!("the data directory {shown} cannot be made"))?;
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
        let lock = lock(&path)?;
        Ok(Self { path, _lock: lock })
    }

    /// Where it is; absolute.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The lock file of a data directory.
#[must_use]
pub(super) fn lock_file(data_dir: &Path) -> PathBuf {
    data_dir.join("server.lock")
}

/// Where the command line meets a running server.
#[must_use]
pub(super) fn admin_socket(data_dir: &Path) -> PathBuf {
    data_dir.join("admin.sock")
}

fn lock(path: &Path) -> Result<File> {
    let name = lock_file(path);
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&name)
        .with_context(|| format!("{}", name.display()))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(InUse {
                path: path.to_path_buf(),
                pid: holder(&mut file),
            }
            .into());
        }
        Err(TryLockError::Error(error)) => {
            return Err(error).with_context(|| format!("{} cannot be locked", name.display()));
        }
    }
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())?;
    Ok(file)
}

fn holder(file: &mut File) -> Option<String> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).ok()?;
    let pid = text.trim();
    (!pid.is_empty() && pid.bytes().all(|byte| byte.is_ascii_digit())).then(|| pid.to_owned())
}

/// The process that holds a data directory now, without taking it. `None` when nobody does.
#[must_use]
pub fn held_by(data_dir: &Path) -> Option<String> {
    let mut file = File::open(lock_file(data_dir)).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(holder(&mut file).unwrap_or_else(|| "unknown".into())),
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
        let pid = std::process::id().to_string();
        assert_eq!(held_by(&path).as_deref(), Some(pid.as_str()));
        let error = DataDir::open(&path).unwrap_err();
        assert_eq!(
            error.downcast_ref::<InUse>().unwrap().pid.as_deref(),
            Some(pid.as_str())
        );
        assert!(error.to_string().contains(&pid));
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
