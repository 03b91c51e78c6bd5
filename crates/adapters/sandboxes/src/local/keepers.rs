//! What is known about keepers: their records, whether they live, and talking to them.

use std::{
    io,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use nix::{
    fcntl::{OFlag, open},
    sys::stat::Mode,
};
use protocol::{
    SandboxId, SessionId,
    keeper::{EndCause, KeeperRecord, KeeperReply, KeeperRequest},
};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::Command,
    time::timeout,
};

use crate::{registry::read_record, sockets};

/// Longest reply line.
const MOST_REPLY: u64 = 64 * 1024;
const SWEEP_TIMEOUT: Duration = Duration::from_secs(20);

/// Written by the provider before a keeper starts, so that the directory can be told apart after the end.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Belongs {
    pub session_id: SessionId,
    pub generation: u64,
}

impl Belongs {
    const NAME: &str = "belongs.json";

    pub(crate) fn write(&self, state: &Path) -> io::Result<()> {
        std::fs::write(state.join(Self::NAME), serde_json::to_vec(self)?)
    }

    pub(crate) fn read(state: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(state.join(Self::NAME)).ok()?).ok()
    }
}

/// Where a sandbox stands according to its directory.
#[derive(Debug)]
pub(crate) enum Standing {
    Alive(KeeperRecord),
    /// A record without its keeper: killed, or the machine was restarted.
    Orphaned,
    Ended(EndCause),
    Absent,
}

pub(crate) fn standing(state: &Path) -> Standing {
    if let Some(record) = read_record(state) {
        return if process(&record).is_some() {
            Standing::Alive(record)
        } else {
            Standing::Orphaned
        };
    }
    if let Ok(text) = std::fs::read(state.join("ended.json"))
        && let Ok(cause) = serde_json::from_slice(&text)
    {
        return Standing::Ended(cause);
    }
    // A keeper that was killed before it wrote its record may still have made groups.
    if state.join("groups.json").exists() {
        Standing::Orphaned
    } else {
        Standing::Absent
    }
}

/// What an orphan's end is called: its keeper can no longer say.
pub(crate) fn lost() -> EndCause {
    EndCause::Exited {
        code: None,
        signal: None,
        stderr_tail: "the keeper of the sandbox was killed".into(),
    }
}

/// The keeper's process, held so that its number cannot come to mean another; `None` when it is gone.
pub(crate) fn process(record: &KeeperRecord) -> Option<OwnedFd> {
    let path = format!("/proc/{}", record.keeper_pid);
    let directory = open(
        path.as_str(),
        OFlag::O_DIRECTORY | OFlag::O_CLOEXEC,
        Mode::empty(),
    )
    .ok()?;
    (started(&directory)? == record.keeper_start_ticks).then_some(directory)
}

/// Whether the process behind the descriptor still runs. One that nobody has waited for does not.
pub(crate) fn lives(directory: &OwnedFd) -> bool {
    started(directory).is_some()
}

/// Start time of a running process, from the directory of the process.
fn started(directory: &OwnedFd) -> Option<u64> {
    let stat = nix::fcntl::openat(directory, "stat", OFlag::O_CLOEXEC, Mode::empty()).ok()?;
    let mut text = String::new();
    io::Read::read_to_string(&mut std::fs::File::from(stat), &mut text).ok()?;
    // The name in the second field may hold anything; counting starts behind it.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    let ticks = fields.nth(18)?.parse().ok()?;
    (!matches!(state, "Z" | "X")).then_some(ticks)
}

/// One question, one answer.
pub(crate) async fn ask(
    record: &KeeperRecord,
    request: &KeeperRequest,
    patience: Duration,
) -> io::Result<KeeperReply> {
    let exchange = async {
        let mut stream = sockets::connect(&record.control_socket).await?;
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        stream.write_all(&line).await?;
        let mut reply = String::new();
        BufReader::new(stream.take(MOST_REPLY))
            .read_line(&mut reply)
            .await?;
        Ok(serde_json::from_str(&reply)?)
    };
    timeout(patience, exchange).await?
}

/// Removes what a killed keeper left; true when nothing is left.
pub(crate) async fn sweep(runner: &Path, state: &Path) -> bool {
    let child = Command::new(runner)
        .arg("sweep")
        .arg(state)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .status();
    matches!(timeout(SWEEP_TIMEOUT, child).await, Ok(Ok(status)) if status.success())
}

/// Every sandbox that has a directory.
pub(crate) fn all(keepers: &Path) -> io::Result<Vec<(SandboxId, PathBuf)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(keepers)? {
        let entry = entry?;
        if let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) {
            found.push((id, entry.path()));
        }
    }
    Ok(found)
}
