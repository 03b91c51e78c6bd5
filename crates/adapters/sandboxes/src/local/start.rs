//! Starts a sandbox, or answers the one that runs.

use std::{
    collections::HashSet,
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use ports::sandbox::{SandboxError, SandboxSpec};
use protocol::SandboxId;
use protocol::keeper::{Isolation, IsolationLevel, JailSpec, KeeperReport, KeeperSpec, Limits, NetworkMode};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::Command,
    time::timeout,
};

use super::{
    clear,
    keepers::{self, Belongs, Standing},
    layout,
    provider::LocalProvider,
    stop,
};
use crate::{
    inside::{self, RUNNER},
    locks::lock,
};

const START_TIMEOUT: Duration = Duration::from_secs(40);
/// Longest report line.
const MOST_REPORT: u64 = 256 * 1024;
const GRACE_MS: u64 = 1_000;

pub(super) async fn start(provider: &LocalProvider, spec: SandboxSpec) -> Result<Isolation, SandboxError> {
    let state = provider.layout.keeper(spec.sandbox_id);
    let Some(_turn) = Turn::take(provider, spec.sandbox_id) else {
        return Err(SandboxError::Transient("this sandbox is being started".into()));
    };
    match keepers::standing(&state) {
        Standing::Alive(record) => return Ok(record.isolation),
        Standing::Orphaned => {
            if !keepers::sweep(&provider.settings.runner, &state).await {
                return Err(SandboxError::Transient(
                    "an earlier start of this sandbox is still being removed".into(),
                ));
            }
        }
        Standing::Ended(_) | Standing::Absent => {}
    }
    let top = provider.layout.session(spec.session_id);
    let host_uid = provider.owners.ensure(&top).map_err(transient)?;
    layout::private(&state).map_err(transient)?;
    Belongs {
        session_id: spec.session_id,
        generation: spec.generation,
    }
    .write(&state)
    .map_err(transient)?;
    let keeper = KeeperSpec {
        sandbox_id: spec.sandbox_id,
        session_id: spec.session_id,
        generation: spec.generation,
        control_socket: state.join("control.sock"),
        server_socket: provider.layout.relay_socket(),
        state_dir: state.clone(),
        jail: jail(
            provider,
            &top,
            host_uid,
            spec.limits.unwrap_or(provider.settings.limits),
        ),
        abandon_after_s: provider.settings.abandon_after_s,
        stdin: serde_json::to_string(&spec.start).map_err(permanent)?,
    };
    match run_keeper(&provider.settings.runner, &keeper).await? {
        KeeperReport::Started { record }
            if below(record.isolation.level, provider.settings.minimum_isolation) =>
        {
            stop::stop(provider, spec.sandbox_id, GRACE_MS).await?;
            let notes = record.isolation.notes.join("; ");
            Err(SandboxError::Permanent(format!(
                "this host isolates less than the operator demands: {notes}"
            )))
        }
        KeeperReport::Started { record } => Ok(record.isolation),
        KeeperReport::Failed { cause, retryable } => {
            // Another start of the same sandbox may have won.
            if let Standing::Alive(record) = keepers::standing(&state) {
                return Ok(record.isolation);
            }
            // One that is starting at the behest of an earlier server holds on to its directory.
            if keepers::sweep(&provider.settings.runner, &state).await
                && let Err(error) = clear::remove(&state)
            {
                tracing::warn!(%error, sandbox = %spec.sandbox_id, "cannot remove the state of a failed start");
            }
            Err(if retryable {
                SandboxError::Transient(cause)
            } else {
                SandboxError::Permanent(cause)
            })
        }
    }
}

/// One start of a sandbox at a time.
struct Turn {
    id: SandboxId,
    starting: Starting,
}

/// Sandboxes that are being started now.
pub(super) type Starting = Arc<Mutex<HashSet<SandboxId>>>;

impl Turn {
    fn take(provider: &LocalProvider, id: SandboxId) -> Option<Self> {
        let starting = provider.starting.clone();
        let free = lock(&starting).insert(id);
        free.then_some(Self { id, starting })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        lock(&self.starting).remove(&self.id);
    }
}

fn below(got: IsolationLevel, wanted: IsolationLevel) -> bool {
    let rank = |level| match level {
        IsolationLevel::Full => 2,
        IsolationLevel::Reduced => 1,
        IsolationLevel::None => 0,
    };
    rank(got) < rank(wanted)
}

fn jail(provider: &LocalProvider, top: &Path, host_uid: u32, limits: Limits) -> JailSpec {
    let view = inside::view(&provider.settings, true);
    JailSpec {
        argv: vec![RUNNER.into(), "run".into()],
        env: view.env,
        cwd: "/workspace".into(),
        host_uid,
        workspace: layout::workspace(top),
        workspace_read_only: false,
        home: Some(layout::home(top)),
        read_only: view.binds,
        limits,
        network: NetworkMode::Relayed,
    }
}

async fn run_keeper(runner: &Path, spec: &KeeperSpec) -> Result<KeeperReport, SandboxError> {
    let text = serde_json::to_vec(spec).map_err(permanent)?;
    let mut child = Command::new(runner)
        .arg("keeper")
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| SandboxError::Transient(format!("start {}: {error}", runner.display())))?;
    let exchange = async {
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(&text).await?;
        }
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout.take(MOST_REPORT))
                .read_line(&mut line)
                .await?;
        }
        // The child that was started is only the first of three; it ends at once.
        child.wait().await?;
        std::io::Result::Ok(line)
    };
    let line = match timeout(START_TIMEOUT, exchange).await {
        Ok(line) => line.map_err(transient)?,
        Err(_) => {
            return Err(SandboxError::Transient(
                "the sandbox did not start in time".into(),
            ));
        }
    };
    serde_json::from_str(&line).map_err(|_| SandboxError::Transient("the keeper did not report".into()))
}

pub(super) fn transient(error: impl std::fmt::Display) -> SandboxError {
    SandboxError::Transient(error.to_string())
}

fn permanent(error: impl std::fmt::Display) -> SandboxError {
    SandboxError::Permanent(error.to_string())
}
