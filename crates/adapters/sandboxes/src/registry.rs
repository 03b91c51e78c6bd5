//! Which processes may speak for which sandbox: keepers by their records on disk, one-shot sandboxes by memory.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use protocol::{
    SandboxId,
    keeper::{KeeperRecord, RelayPreamble},
};

use crate::{local::layout::Layout, locks::lock};

/// Shared by the provider, which starts processes, and the relay, which hears from them.
#[derive(Debug, Clone)]
pub struct Registry {
    layout: Layout,
    oneshots: Arc<Mutex<HashMap<SandboxId, i32>>>,
}

impl Registry {
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self {
            layout: Layout::new(data_dir),
            oneshots: Arc::default(),
        }
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.layout.relay_socket()
    }

    /// Notes a one-shot sandbox for as long as the answer lives.
    pub(crate) fn admit(&self, id: SandboxId, pid: i32) -> Admission {
        lock(&self.oneshots).insert(id, pid);
        Admission {
            id,
            oneshots: self.oneshots.clone(),
        }
    }

    /// Whether process `pid` is the one that speaks for the sandbox it names.
    pub(crate) fn vouches(&self, preamble: &RelayPreamble, pid: i32) -> bool {
        if lock(&self.oneshots).get(&preamble.sandbox_id) == Some(&pid) {
            return true;
        }
        let Some(record) = read_record(&self.layout.keeper(preamble.sandbox_id)) else {
            return false;
        };
        record.sandbox_id == preamble.sandbox_id
            && record.session_id == preamble.session_id
            && record.generation == preamble.generation
            && record.keeper_pid == pid
    }
}

/// Takes a one-shot sandbox out of the registry when dropped.
#[derive(Debug)]
pub(crate) struct Admission {
    id: SandboxId,
    oneshots: Arc<Mutex<HashMap<SandboxId, i32>>>,
}

impl Drop for Admission {
    fn drop(&mut self) {
        lock(&self.oneshots).remove(&self.id);
    }
}

/// What the keeper of a sandbox wrote about itself; `None` when there is none, or none any more.
pub(crate) fn read_record(state: &Path) -> Option<KeeperRecord> {
    serde_json::from_slice(&std::fs::read(state.join("keeper.json")).ok()?).ok()
}
