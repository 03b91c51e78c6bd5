//! Where things lie in the data directory.
//!
//! `sandboxes/<session>/{workspace,home}` outlive sandboxes; `keepers/<sandbox>/` holds what belongs to one
//! sandbox: record, sockets, logs. Everything is below directories that only the server's user may enter.

use std::{
    fs::DirBuilder,
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use protocol::{SandboxId, SessionId};

#[derive(Debug, Clone)]
pub(crate) struct Layout {
    data: PathBuf,
}

impl Layout {
    pub(crate) fn new(data: &Path) -> Self {
        Self {
            data: data.to_path_buf(),
        }
    }

    /// Makes the directories above all others.
    pub(crate) fn prepare(&self) -> io::Result<()> {
        for path in [self.sandboxes(), self.keepers()] {
            private(&path)?;
        }
        Ok(())
    }

    pub(crate) fn sandboxes(&self) -> PathBuf {
        self.data.join("sandboxes")
    }

    pub(crate) fn keepers(&self) -> PathBuf {
        self.data.join("keepers")
    }

    pub(crate) fn relay_socket(&self) -> PathBuf {
        self.data.join("relay.sock")
    }

    pub(crate) fn session(&self, id: SessionId) -> PathBuf {
        self.sandboxes().join(id.to_string())
    }

    /// A workspace without a session, named by the one-shot sandbox that uses it.
    pub(crate) fn scratch(&self, id: SandboxId) -> PathBuf {
        self.sandboxes().join(format!("scratch-{id}"))
    }

    pub(crate) fn keeper(&self, id: SandboxId) -> PathBuf {
        self.keepers().join(id.to_string())
    }
}

/// Makes a directory, and those above it, for this user alone. One that is there already is fine.
pub(crate) fn private(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

pub(crate) fn workspace(top: &Path) -> PathBuf {
    top.join("workspace")
}

pub(crate) fn home(top: &Path) -> PathBuf {
    top.join("home")
}
