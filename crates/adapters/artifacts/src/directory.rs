//! Artifacts in a directory of this machine.
//!
//! An upload is written below `incoming`, brought to disk, and only then moved to its place; the move, too, is on disk
//! before it is confirmed. What a crash leaves is in `incoming` alone, and goes at the next start.

use std::{
    fs, io,
    ops::Range,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path as FilePath, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use object_store::{ObjectStore, ObjectStoreExt, RenameOptions, local::LocalFileSystem, path::Path};
use ports::{
    ArtifactStore, StoreError,
    artifacts::{ArtifactBytes, ArtifactKey, ArtifactSource, PutError, Stored},
};
use protocol::{ArtifactId, OrgId, SessionId};

use crate::{
    check,
    failure::{is_absent, meaning},
    key, read, write,
};

/// Bytes that are written to the disk at a time.
const PART_BYTES: usize = 1 << 20;
/// Where uploads are until they are whole. No id looks like this.
const INCOMING: &str = "incoming";

/// A directory with artifacts, for one process.
#[derive(Debug, Clone)]
pub struct DirectoryArtifacts {
    files: Arc<LocalFileSystem>,
    root: PathBuf,
    uploads: Arc<AtomicU64>,
}

impl DirectoryArtifacts {
    /// Makes the directory if need be, for its owner alone, and clears what unfinished uploads left.
    ///
    /// # Errors
    /// When it cannot be made or belongs to somebody else.
    pub fn open(root: &FilePath) -> io::Result<Self> {
        private(root)?;
        let incoming = root.join(INCOMING);
        match fs::remove_dir_all(&incoming) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        private(&incoming)?;
        let files = LocalFileSystem::new_with_prefix(root)
            .map_err(io::Error::other)?
            .with_fsync(true);
        Ok(Self {
            files: Arc::new(files),
            root: root.to_path_buf(),
            uploads: Arc::default(),
        })
    }

    fn incoming(&self) -> Path {
        let number = self.uploads.fetch_add(1, Ordering::Relaxed);
        Path::from_iter([INCOMING, &number.to_string()])
    }

    fn directory(&self, org: OrgId, session: SessionId) -> PathBuf {
        self.root.join(org.to_string()).join(session.to_string())
    }

    /// Moves what is whole to its place.
    async fn publish(&self, incoming: &Path, key: ArtifactKey) -> Result<(), StoreError> {
        let directory = self.directory(key.org, key.session);
        let file = self.files.path_to_filesystem(incoming).map_err(meaning)?;
        blocking(move || {
            fs::set_permissions(file, fs::Permissions::from_mode(0o600))?;
            private(&directory)
        })
        .await?;
        self.files
            .rename_opts(
                incoming,
                &key::place(&Path::default(), key),
                RenameOptions::default(),
            )
            .await
            .map_err(meaning)
    }
}

/// Removes what was written below `incoming` and not moved to its place, also when nobody waits for it any more.
struct Unfinished(Option<PathBuf>);

impl Unfinished {
    fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let Some(file) = &self.0 else { return };
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "an upload that failed could not be removed");
            }
            _ => {}
        }
    }
}

#[async_trait]
impl ArtifactStore for DirectoryArtifacts {
    fn name(&self) -> &'static str {
        "directory"
    }

    async fn put(&self, key: ArtifactKey, bytes: ArtifactSource, limit: u64) -> Result<Stored, PutError> {
        let incoming = self.incoming();
        let unfinished = Unfinished(Some(self.root.join(incoming.as_ref())));
        let stored = write::store(&*self.files, &incoming, bytes, limit, PART_BYTES).await?;
        self.publish(&incoming, key).await?;
        unfinished.disarm();
        Ok(stored)
    }

    async fn get(&self, key: ArtifactKey, range: Range<u64>) -> Result<Option<ArtifactBytes>, StoreError> {
        read::read(&*self.files, &key::place(&Path::default(), key), range).await
    }

    async fn delete(&self, key: ArtifactKey) -> Result<(), StoreError> {
        match self.files.delete(&key::place(&Path::default(), key)).await {
            Err(failure) if !is_absent(&failure) => Err(meaning(failure)),
            _ => Ok(()),
        }
    }

    async fn delete_session(&self, org: OrgId, session: SessionId) -> Result<(), StoreError> {
        let directory = self.directory(org, session);
        blocking(move || match fs::remove_dir_all(directory) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
        .await
    }

    async fn keys(&self, after: Option<ArtifactKey>, limit: usize) -> Result<Vec<ArtifactKey>, StoreError> {
        let root = self.root.clone();
        blocking(move || walk(&root, after, limit)).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        check::check(&*self.files, &self.incoming()).await
    }
}

/// Makes a directory, and those above it, for its owner alone. One that is there and open to others is closed.
fn private(directory: &FilePath) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)?;
    let mode = fs::metadata(directory)?.permissions().mode();
    if mode & 0o077 != 0 {
        fs::set_permissions(directory, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Keys after `after`. Names that are no ids are passed over.
fn walk(root: &FilePath, after: Option<ArtifactKey>, limit: usize) -> io::Result<Vec<ArtifactKey>> {
    let mut keys = Vec::new();
    for org in names::<OrgId>(root)? {
        if after.is_some_and(|after| org < after.org) {
            continue;
        }
        let in_org = root.join(org.to_string());
        for session in names::<SessionId>(&in_org)? {
            if after.is_some_and(|after| (org, session) < (after.org, after.session)) {
                continue;
            }
            for artifact in names::<ArtifactId>(&in_org.join(session.to_string()))? {
                let key = ArtifactKey {
                    org,
                    session,
                    artifact,
                };
                if keys.len() == limit {
                    return Ok(keys);
                }
                if after.is_none_or(|after| key > after) {
                    keys.push(key);
                }
            }
        }
    }
    Ok(keys)
}

/// The ids that a directory has entries for, in order. One that has just been removed has none.
fn names<T: std::str::FromStr + Ord>(directory: &FilePath) -> io::Result<Vec<T>> {
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut ids = Vec::new();
    for entry in entries {
        if let Some(id) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) {
            ids.push(id);
        }
    }
    ids.sort_unstable();
    Ok(ids)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, StoreError> {
    let done = tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| StoreError::Unavailable(error.to_string()))?;
    done.map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Unavailable(error.to_string()),
    })
}
