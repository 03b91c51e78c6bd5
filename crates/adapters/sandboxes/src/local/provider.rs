//! The local provider itself: one verb for each method, each in its own file where it is more than a few lines.

use std::{io, process::Stdio, sync::Arc, time::Duration};

use async_trait::async_trait;
use ports::sandbox::{
    ArchiveSource, ProbeOutput, ProbeSpec, RestoreSpec, RunningSandbox, SandboxError, SandboxProvider,
    SandboxSpec, SandboxState,
};
use protocol::{SandboxId, SessionId, keeper::Isolation};
use tokio::{process::Command, sync::OnceCell, time::timeout};

use super::{
    clear,
    keepers::{self, Belongs, Standing},
    layout::Layout,
    owner::Owners,
    probe, restore,
    settings::LocalSettings,
    start::{self, transient},
    stop,
};
use crate::registry::Registry;

const CHECK_TIMEOUT: Duration = Duration::from_secs(40);

/// Sandboxes on this machine.
#[derive(Debug, Clone)]
pub struct LocalProvider {
    pub(super) settings: Arc<LocalSettings>,
    pub(super) layout: Layout,
    pub(super) owners: Arc<Owners>,
    pub(super) registry: Registry,
    pub(super) starting: start::Starting,
    isolation: Arc<OnceCell<Isolation>>,
}

impl LocalProvider {
    /// Prepares the data directory. One process owns it at a time.
    ///
    /// # Errors
    /// When its directories cannot be made.
    pub fn new(settings: LocalSettings) -> io::Result<Self> {
        let layout = Layout::new(&settings.data_dir);
        layout.prepare()?;
        Ok(Self {
            owners: Arc::new(Owners::new(&layout, settings.uids.clone())),
            registry: Registry::new(&settings.data_dir),
            settings: Arc::new(settings),
            layout,
            starting: Arc::default(),
            isolation: Arc::default(),
        })
    }

    /// For [`crate::RelayServer::bind`].
    #[must_use]
    pub fn registry(&self) -> Registry {
        self.registry.clone()
    }

    /// Removes what an earlier server's probes and killed keepers left. To be called once, before the first probe.
    ///
    /// # Errors
    /// When the data directory cannot be read.
    pub async fn tidy_up(&self) -> io::Result<()> {
        for (_, state) in keepers::all(&self.layout.keepers())? {
            match keepers::standing(&state) {
                Standing::Orphaned => {
                    keepers::sweep(&self.settings.runner, &state).await;
                }
                Standing::Absent if Belongs::read(&state).is_none() => {
                    tokio::task::spawn_blocking(move || clear::remove(&state)).await??;
                }
                _ => {}
            }
        }
        let sandboxes = self.layout.sandboxes();
        tokio::task::spawn_blocking(move || {
            for entry in std::fs::read_dir(sandboxes)? {
                let entry = entry?;
                if entry
                    .file_name()
                    .to_str()
                    .is_some_and(|name| name.starts_with("scratch-"))
                {
                    clear::remove(&entry.path())?;
                }
            }
            io::Result::Ok(())
        })
        .await?
    }

    async fn self_check(&self) -> Result<Isolation, SandboxError> {
        let command = Command::new(&self.settings.runner)
            .arg("self-check")
            .arg(self.settings.uids.start.to_string())
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .output();
        let output = match timeout(CHECK_TIMEOUT, command).await {
            Ok(output) => output.map_err(transient)?,
            Err(_) => return Err(SandboxError::Transient("the self check took too long".into())),
        };
        serde_json::from_slice(&output.stdout)
            .map_err(|_| SandboxError::Transient("the self check did not report".into()))
    }
}

#[async_trait]
impl SandboxProvider for LocalProvider {
    fn name(&self) -> &'static str {
        "local"
    }

    async fn isolation(&self) -> Result<Isolation, SandboxError> {
        let mut isolation = self
            .isolation
            .get_or_try_init(|| self.self_check())
            .await?
            .clone();
        // The trial ran with small limits; how they are held is what it found out.
        isolation.limits = self.settings.limits;
        Ok(isolation)
    }

    async fn start(&self, spec: SandboxSpec) -> Result<Isolation, SandboxError> {
        start::start(self, spec).await
    }

    async fn state(&self, id: SandboxId) -> Result<SandboxState, SandboxError> {
        let state = self.layout.keeper(id);
        Ok(match keepers::standing(&state) {
            Standing::Alive(record) => SandboxState::Running {
                isolation: record.isolation,
            },
            Standing::Ended(cause) => SandboxState::Ended { cause },
            Standing::Orphaned => SandboxState::Ended {
                cause: keepers::lost(),
            },
            // Its record went with a sweep; that it was here is still known.
            Standing::Absent if Belongs::read(&state).is_some() => SandboxState::Ended {
                cause: keepers::lost(),
            },
            Standing::Absent => SandboxState::Unknown,
        })
    }

    async fn stop(&self, id: SandboxId, grace_ms: u64) -> Result<(), SandboxError> {
        stop::stop(self, id, grace_ms).await
    }

    async fn list(&self) -> Result<Vec<RunningSandbox>, SandboxError> {
        let mut running = Vec::new();
        for (_, state) in keepers::all(&self.layout.keepers()).map_err(transient)? {
            match keepers::standing(&state) {
                Standing::Alive(record) => running.push(RunningSandbox {
                    sandbox_id: record.sandbox_id,
                    session_id: record.session_id,
                    generation: record.generation,
                }),
                Standing::Orphaned => {
                    keepers::sweep(&self.settings.runner, &state).await;
                }
                Standing::Ended(_) | Standing::Absent => {}
            }
        }
        Ok(running)
    }

    async fn probe(&self, spec: ProbeSpec) -> Result<ProbeOutput, SandboxError> {
        probe::probe(self, spec).await
    }

    async fn restore(&self, spec: RestoreSpec, archive: ArchiveSource) -> Result<(), SandboxError> {
        restore::restore(self, spec, archive).await
    }

    async fn destroy(&self, session: SessionId) -> Result<(), SandboxError> {
        for (id, state) in keepers::all(&self.layout.keepers()).map_err(transient)? {
            if Belongs::read(&state).is_some_and(|belongs| belongs.session_id == session) {
                // It should be stopped already; files are never pulled away from under one that is not.
                stop::stop(self, id, 0).await?;
            }
        }
        let (top, owners) = (self.layout.session(session), self.owners.clone());
        let removed = tokio::task::spawn_blocking(move || {
            let uid = std::fs::symlink_metadata(&top).map(|meta| std::os::unix::fs::MetadataExt::uid(&meta));
            clear::remove(&top)?;
            if let Ok(uid) = uid {
                owners.release(uid);
            }
            io::Result::Ok(())
        });
        removed.await.map_err(transient)?.map_err(transient)
    }
}
