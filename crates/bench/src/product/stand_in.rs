//! What the server under test starts in place of `coordinator-runner`: it passes the sandbox's specification on to the
//! load process, which plays keeper and runner, and says that the sandbox is there.

use std::{
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

use anyhow::{Context as _, Result};
use protocol::keeper::{Enforcement, Isolation, IsolationLevel, KeeperSpec, Limits};

use super::unix::reach;

/// Beside the data directory's relay socket.
pub(super) const SOCKET: &str = "bench.sock";
const MOST_SPEC: u64 = 4 << 20;

/// Plays the runner's commands.
pub(crate) fn stand_in(arguments: &[String]) -> Result<bool> {
    match arguments.first().map(String::as_str) {
        Some("keeper") => keeper()?,
        Some("self-check") => writeln!(std::io::stdout(), "{}", serde_json::to_string(&isolation())?)?,
        // Nothing was made, so nothing is to be swept.
        Some("sweep") => {}
        _ => return Ok(false),
    }
    Ok(true)
}

fn keeper() -> Result<()> {
    let mut text = Vec::new();
    std::io::stdin().take(MOST_SPEC).read_to_end(&mut text)?;
    let spec: KeeperSpec = serde_json::from_slice(&text)?;
    let (_directory, path) = reach(&socket_of(&spec)?)?;
    let mut stream = UnixStream::connect(path)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(&text)?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let mut report = String::new();
    stream.read_to_string(&mut report)?;
    writeln!(std::io::stdout(), "{}", report.trim())?;
    Ok(())
}

fn socket_of(spec: &KeeperSpec) -> Result<std::path::PathBuf> {
    let data: &Path = spec.server_socket.parent().context("no directory")?;
    Ok(data.join(SOCKET))
}

/// What the stand-in claims, so that no policy refuses it. Nothing is isolated: nothing runs.
pub(super) fn isolation() -> Isolation {
    Isolation {
        level: IsolationLevel::Full,
        namespaces: Vec::new(),
        landlock_abi: None,
        seccomp: false,
        host_uid: 0,
        limits_backend: "none".into(),
        limits: Limits {
            memory_bytes: 1 << 30,
            pids: 64,
            cpu_milli: 1000,
            disk_bytes: 1 << 30,
            tmp_bytes: 1 << 20,
        },
        memory: Enforcement::None,
        pids: Enforcement::None,
        cpu: Enforcement::None,
        disk: Enforcement::None,
        notes: vec!["the bench's stand-in: there is no sandbox".into()],
    }
}
