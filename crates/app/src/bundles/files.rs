//! Home and workspace of a session, out of it and into it, as archives that only sandboxes look into.

use std::{fs::File, io::Read, path::Path};

use bundle::{Member, Packer};
use bytes::Bytes;
use futures::StreamExt;
use ports::sandbox::{ArchiveSource, ProbeSpec, ProbeWorkspace, RestoreSpec, SandboxError, SessionFiles};
use protocol::{ProblemCode, SandboxId, SessionId, probe::ProbeRequest};
use tokio::sync::mpsc;

use super::{blocking, disk, staging::Stage};
use crate::{App, AppError, error::sentence, work::refused};

/// Longest time that an archive may take, milliseconds.
const TIMEOUT_MS: u64 = 900_000;
const CHUNK: usize = 256 * 1024;
/// Chunks on their way between a sandbox and a file.
const AHEAD: usize = 4;

impl App {
    /// Packs one of them into the stage, at most `limit` bytes of archive. `None` when the session has none.
    pub(super) async fn pack_files(
        &self,
        session: SessionId,
        files: SessionFiles,
        stage: &Stage,
        limit: u64,
    ) -> Result<Option<Member>, AppError> {
        let name = member(files);
        let spec = ProbeSpec {
            workspace: match files {
                SessionFiles::Workspace => ProbeWorkspace::Session(session),
                SessionFiles::Home => ProbeWorkspace::Home(session),
            },
            sandbox_id: SandboxId::new(self.now().as_ms(), self.bits()),
            request: ProbeRequest::Archive { with_git: true },
            hide: self.hidden_in_work(session).await?,
            network: false,
            timeout_ms: TIMEOUT_MS,
            max_output_bytes: limit,
        };
        let mut archive = match self.ports().sandboxes.probe(spec).await {
            Err(SandboxError::Probe(failure)) if failure.code == "no_workspace" => return Ok(None),
            archive => archive.map_err(refused)?,
        };
        let file = stage.create(name).map_err(disk)?;
        let (sender, mut receiver) = mpsc::channel::<Bytes>(AHEAD);
        let packing = tokio::spawn(blocking(move || {
            let mut packer = Packer::new(file);
            while let Some(chunk) = receiver.blocking_recv() {
                std::io::Write::write_all(&mut packer, &chunk).map_err(disk)?;
            }
            let (member, _) = packer.finish(name).map_err(disk)?;
            Ok(member)
        }));
        while let Some(chunk) = archive.next().await {
            let chunk = chunk.map_err(too_large_or_refused)?;
            if sender.send(chunk).await.is_err() {
                // Its own failure says why it takes no more.
                break;
            }
        }
        drop(sender);
        packing.await.map_err(AppError::internal)?.map(Some)
    }

    /// Fills home or workspace of a session that is being made.
    pub(super) async fn fill_files(
        &self,
        session: SessionId,
        files: SessionFiles,
        checked: bundle::Checked,
        path: &Path,
        limit: u64,
    ) -> Result<(), AppError> {
        let name = member(files);
        let (sender, receiver) = mpsc::channel::<std::io::Result<Bytes>>(AHEAD);
        let path = path.to_path_buf();
        let reading = tokio::task::spawn_blocking(move || {
            let read = || -> std::io::Result<()> {
                let mut bundle = File::open(path)?;
                let mut content = checked
                    .open(&mut bundle, name)
                    .map_err(|error| std::io::Error::other(error.to_string()))?;
                loop {
                    let mut chunk = vec![0; CHUNK];
                    let length = content.read(&mut chunk)?;
                    chunk.truncate(length);
                    if length == 0 || sender.blocking_send(Ok(chunk.into())).is_err() {
                        return Ok(());
                    }
                }
            };
            if let Err(error) = read() {
                let _ = sender.blocking_send(Err(error));
            }
        });
        let archive: ArchiveSource = Box::pin(futures::stream::unfold(receiver, |mut receiver| async move {
            receiver.recv().await.map(|chunk| (chunk, receiver))
        }));
        let spec = RestoreSpec {
            session_id: session,
            files,
            sandbox_id: SandboxId::new(self.now().as_ms(), self.bits()),
            timeout_ms: TIMEOUT_MS,
            max_bytes: limit,
        };
        let restored = self.ports().sandboxes.restore(spec, archive).await;
        reading.await.map_err(AppError::internal)?;
        restored.map_err(|error| match error {
            SandboxError::Probe(failure)
                if ["invalid_archive", "too_large"].contains(&failure.code.as_str()) =>
            {
                let said: String = sentence(&failure.message).chars().take(500).collect();
                AppError::new(
                    ProblemCode::BundleInvalid,
                    format!("The bundle is refused: `{name}` cannot be unpacked. {said}"),
                )
                .field(name)
            }
            other => refused(other),
        })
    }
}

fn member(files: SessionFiles) -> &'static str {
    match files {
        SessionFiles::Workspace => bundle::WORKSPACE,
        SessionFiles::Home => bundle::HOME,
    }
}

fn too_large_or_refused(error: SandboxError) -> AppError {
    match error {
        SandboxError::Probe(failure) if failure.code == "too_large" => AppError::new(
            ProblemCode::Conflict,
            "Home and workspace are larger than a bundle may be. Export the session without its files.",
        ),
        other => refused(other),
    }
}
