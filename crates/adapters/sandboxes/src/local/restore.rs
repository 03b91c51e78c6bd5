//! Fills workspace or home of a session from an archive. The archive is kept beside nothing else, shown read-only to a
//! throw-away sandbox that has the empty directory in it, and unpacked there: this process never looks into it.

use std::{
    fs::{OpenOptions, Permissions},
    io,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use futures::StreamExt;
use ports::sandbox::{ArchiveSource, RestoreSpec, SandboxError, SessionFiles};
use protocol::{
    keeper::{Bind, JailSpec, NetworkMode, OneshotSpec},
    probe::ProbeRequest,
};
use tokio::{fs::File, io::AsyncWriteExt, sync::mpsc};

use super::{clear, keepers, layout, probe, provider::LocalProvider, start::transient};
use crate::inside::{self, RUNNER};

/// Where the archive is seen inside.
const INSIDE: &str = "/run/archive.tar";
/// More files than any work tree has; each takes an inode of the host.
const MOST_ENTRIES: u64 = 2_000_000;

pub(super) async fn restore(
    provider: &LocalProvider,
    spec: RestoreSpec,
    archive: ArchiveSource,
) -> Result<(), SandboxError> {
    let state = provider.layout.keeper(spec.sandbox_id);
    layout::private(&state).map_err(transient)?;
    let outcome = unpack(provider, &spec, archive, &state).await;
    if state.join("groups.json").exists() {
        keepers::sweep(&provider.settings.runner, &state).await;
    }
    match tokio::task::spawn_blocking(move || clear::remove(&state)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "cannot remove what unpacking an archive left"),
        Err(error) => tracing::warn!(%error, "cannot remove what unpacking an archive left"),
    }
    outcome
}

async fn unpack(
    provider: &LocalProvider,
    spec: &RestoreSpec,
    archive: ArchiveSource,
    state: &Path,
) -> Result<(), SandboxError> {
    let file = state.join("archive.tar");
    store(&file, archive, spec.max_bytes).await?;
    let top = provider.layout.session(spec.session_id);
    let host_uid = provider.owners.ensure(&top).map_err(transient)?;
    let oneshot = OneshotSpec {
        sandbox_id: spec.sandbox_id,
        session_id: spec.session_id,
        generation: 0,
        server_socket: provider.layout.relay_socket(),
        state_dir: state.to_path_buf(),
        jail: jail(provider, spec.files, &top, file, host_uid),
        stdin: serde_json::to_string(&ProbeRequest::Unpack {
            archive: INSIDE.into(),
            max_entries: MOST_ENTRIES,
        })
        .map_err(transient)?,
        timeout_ms: spec.timeout_ms,
        max_output_bytes: 4096,
    };
    let child = probe::launch(&provider.settings.runner, &oneshot)
        .await
        .map_err(transient)?;
    // It has nothing to say but how it ended.
    let (sender, mut receiver) = mpsc::channel::<probe::Item>(1);
    let followed = async {
        let outcome = probe::follow(child, &sender).await;
        drop(sender);
        outcome
    };
    let (outcome, ()) = tokio::join!(followed, async { while receiver.recv().await.is_some() {} });
    outcome
}

fn jail(
    provider: &LocalProvider,
    files: SessionFiles,
    top: &Path,
    archive: PathBuf,
    host_uid: u32,
) -> JailSpec {
    let view = inside::view(&provider.settings, false);
    let mut read_only = view.binds;
    read_only.push(Bind {
        host: archive,
        inside: INSIDE.into(),
    });
    JailSpec {
        argv: vec![RUNNER.into(), "probe".into()],
        env: view.env,
        cwd: "/workspace".into(),
        host_uid,
        workspace: match files {
            SessionFiles::Workspace => layout::workspace(top),
            SessionFiles::Home => layout::home(top),
        },
        workspace_read_only: false,
        home: None,
        read_only,
        limits: probe::limits(&provider.settings.limits),
        network: NetworkMode::None,
    }
}

/// Readable for the sandbox's user; the directory above keeps everybody else out.
async fn store(path: &Path, mut archive: ArchiveSource, most: u64) -> Result<(), SandboxError> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o400)
        .open(path)
        .map_err(full_or_transient)?;
    file.set_permissions(Permissions::from_mode(0o444))
        .map_err(transient)?;
    let mut file = File::from_std(file);
    let mut left = most;
    while let Some(chunk) = archive.next().await {
        let chunk = chunk.map_err(transient)?;
        left = left
            .checked_sub(chunk.len() as u64)
            .ok_or_else(|| probe::failure("too_large", format!("the archive has more than {most} bytes")))?;
        file.write_all(&chunk).await.map_err(full_or_transient)?;
    }
    file.flush().await.map_err(full_or_transient)
}

fn full_or_transient(error: io::Error) -> SandboxError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            probe::failure("too_large", "there is no room for the archive".into())
        }
        _ => transient(error),
    }
}
