//! The directory where bundles are on their way: each in a directory of its own, which goes when the work ends.
//!
//! An import's directory is named by the session that it makes. So what a crash leaves here says which half-made
//! session to remove.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::PathBuf,
};

use protocol::{OrgId, SessionId};

const IMPORT: &str = "import-";

#[derive(Debug, Clone)]
pub(crate) struct Staging(PathBuf);

impl Staging {
    pub(crate) fn new(dir: PathBuf) -> Self {
        Self(dir)
    }

    /// For a bundle that is being made.
    pub(crate) fn export(&self, session: SessionId, bits: u128) -> io::Result<Stage> {
        self.make(&format!("export-{session}-{bits:032x}"))
    }

    /// For one that comes in.
    pub(crate) fn import(&self, org: OrgId, session: SessionId) -> io::Result<Stage> {
        self.make(&format!("{IMPORT}{org}-{session}"))
    }

    fn make(&self, name: &str) -> io::Result<Stage> {
        let path = self.0.join(name);
        DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        Ok(Stage { path })
    }

    /// Half-made sessions that an earlier process has left; everything else that it left here is removed.
    pub(crate) fn remains(&self) -> io::Result<Vec<(OrgId, SessionId)>> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut remains = Vec::new();
        for entry in entries {
            let entry = entry?;
            match entry.file_name().to_str().and_then(half_made) {
                Some(ids) => remains.push(ids),
                None => fs::remove_dir_all(entry.path())?,
            }
        }
        Ok(remains)
    }

    /// A half-made session is gone.
    pub(crate) fn forget(&self, org: OrgId, session: SessionId) -> io::Result<()> {
        fs::remove_dir_all(self.0.join(format!("{IMPORT}{org}-{session}")))
    }
}

fn half_made(name: &str) -> Option<(OrgId, SessionId)> {
    let (org, session) = name.strip_prefix(IMPORT)?.split_once('-')?;
    Some((org.parse().ok()?, session.parse().ok()?))
}

/// One bundle's directory; removed when dropped.
#[derive(Debug)]
pub(crate) struct Stage {
    path: PathBuf,
}

impl Stage {
    /// Makes a file in it.
    pub(crate) fn create(&self, name: &str) -> io::Result<File> {
        OpenOptions::new()
            .create_new(true)
            .read(true)
            .write(true)
            .mode(0o600)
            .open(self.file(name))
    }

    /// Where a file of it is. Members in directories lie flat here.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name.replace('/', "-"))
    }

    #[cfg(test)]
    pub(crate) fn path(&self) -> &std::path::Path {
        &self.path
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            tracing::warn!(%error, "what was on its way could not be removed; the next start does it");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_crash_leaves_is_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let staging = Staging::new(dir.path().join("bundles"));
        assert!(staging.remains().unwrap().is_empty());
        let (org, session) = (OrgId::from_bits(1), SessionId::from_bits(2));
        let import = staging.import(org, session).unwrap();
        let export = staging.export(session, 3).unwrap();
        export.create("a/b").unwrap();
        assert!(export.path().join("a-b").exists());
        std::mem::forget((import, export));
        assert_eq!(staging.remains().unwrap(), [(org, session)]);
        assert_eq!(fs::read_dir(dir.path().join("bundles")).unwrap().count(), 1);
        staging.forget(org, session).unwrap();
        assert!(staging.remains().unwrap().is_empty());
    }
}
