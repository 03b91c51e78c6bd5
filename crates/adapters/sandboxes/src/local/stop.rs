//! Ends a sandbox: asks its keeper, and where that does not answer, ends the keeper, which ends the sandbox.

use std::{os::fd::OwnedFd, time::Duration};

use nix::{sys::signal::Signal, unistd::Pid};
use ports::sandbox::SandboxError;
use protocol::{
    SandboxId,
    keeper::{KeeperRecord, KeeperReply, KeeperRequest},
};
use tokio::time::sleep;

use super::{
    clear,
    keepers::{self, Standing},
    provider::LocalProvider,
    start::transient,
};

/// On top of the grace: the kernel needs time to bury many processes.
const PATIENCE: Duration = Duration::from_secs(60);
const STEP: Duration = Duration::from_millis(20);
const MOST_STEPS: u32 = 500;

pub(super) async fn stop(provider: &LocalProvider, id: SandboxId, grace_ms: u64) -> Result<(), SandboxError> {
    let state = provider.layout.keeper(id);
    match keepers::standing(&state) {
        Standing::Absent if !state.exists() => return Ok(()),
        Standing::Absent | Standing::Ended(_) => {}
        Standing::Alive(record) => end(provider, &record, grace_ms).await?,
        Standing::Orphaned => {
            if !keepers::sweep(&provider.settings.runner, &state).await {
                return Err(SandboxError::Transient(
                    "something of the sandbox is still there".into(),
                ));
            }
        }
    }
    tokio::task::spawn_blocking(move || clear::remove(&state))
        .await
        .map_err(transient)?
        .map_err(transient)
}

async fn end(provider: &LocalProvider, record: &KeeperRecord, grace_ms: u64) -> Result<(), SandboxError> {
    let Some(process) = keepers::process(record) else {
        return Ok(());
    };
    let patience = Duration::from_millis(grace_ms).saturating_add(PATIENCE);
    match keepers::ask(record, &KeeperRequest::Stop { grace_ms }, patience).await {
        Ok(KeeperReply::Stopped) => {}
        answer => {
            tracing::warn!(sandbox = %record.sandbox_id, ?answer, "the keeper does not stop; killing it");
            kill(record, &process);
        }
    }
    for _ in 0..MOST_STEPS {
        if !keepers::lives(&process) {
            let state = provider.layout.keeper(record.sandbox_id);
            if matches!(keepers::standing(&state), Standing::Orphaned)
                && !keepers::sweep(&provider.settings.runner, &state).await
            {
                break;
            }
            return Ok(());
        }
        sleep(STEP).await;
    }
    Err(SandboxError::Transient("the sandbox did not end in time".into()))
}

/// The process is held open by its directory, so its number still means it, or nothing once it is gone.
fn kill(record: &KeeperRecord, process: &OwnedFd) {
    if keepers::lives(process) {
        let _ = nix::sys::signal::kill(Pid::from_raw(record.keeper_pid), Signal::SIGKILL);
    }
}
