//! Files by which a later server finds a sandbox again, or learns how it ended.

use std::{
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use anyhow::{Context, Result};
use protocol::keeper::{EndCause, Isolation, KeeperRecord, KeeperSpec};
use serde::Serialize;

use crate::{clock, launch};

const RECORD: &str = "keeper.json";
const ENDED: &str = "ended.json";

pub(crate) fn write(spec: &KeeperSpec, isolation: &Isolation) -> Result<KeeperRecord> {
    let record = KeeperRecord {
        sandbox_id: spec.sandbox_id,
        session_id: spec.session_id,
        generation: spec.generation,
        keeper_pid: nix::unistd::getpid().as_raw(),
        keeper_start_ticks: own_start_ticks().context("read the own start time")?,
        control_socket: spec.control_socket.clone(),
        isolation: isolation.clone(),
        started_at: clock::now(),
    };
    replace(&spec.state_dir.join(RECORD), &record).context("write the record")?;
    Ok(record)
}

/// Field 22 of the process's stat line; the name in field 2 may hold anything, so counting starts behind it.
fn own_start_ticks() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()
}

/// Says how it ended, then removes what made it look alive.
pub(crate) fn close(spec: &KeeperSpec, cause: &EndCause) {
    let _ = replace(&spec.state_dir.join(ENDED), cause);
    remove_all(spec);
}

/// Removes the traces of a sandbox that is not running; what tells of its end stays.
pub(crate) fn remove_all(spec: &KeeperSpec) {
    let _ = std::fs::remove_file(&spec.control_socket);
    forget(&spec.state_dir);
}

pub(crate) fn forget(state: &Path) {
    for name in [RECORD, launch::GROUPS] {
        let _ = std::fs::remove_file(state.join(name));
    }
}

/// Whether the sandbox that was here has ended.
pub(crate) fn has_ended(state: &Path) -> bool {
    state.join(ENDED).exists()
}

/// Removes how an earlier start in the same place ended.
pub(crate) fn clear(state: &Path) {
    let _ = std::fs::remove_file(state.join(ENDED));
}

fn replace<T: Serialize>(path: &Path, value: &T) -> io::Result<()> {
    let temporary = path.with_extension("new");
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&temporary)?;
    file.write_all(&serde_json::to_vec(value)?)?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)
}
