//! A provider without sandboxes: it notes what it was asked, and the test plays the runner inside.
//!
//! A test takes the next start with [`ScriptedSandboxes::next_start`] (the spec holds the runner's one-time
//! token), then connects as that runner would; it can end or lose the sandbox, and programs probe answers.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use ports::{
    SandboxProvider,
    sandbox::{
        ArchiveSource, ProbeOutput, ProbeSpec, ProbeWorkspace, RestoreSpec, RunningSandbox, SandboxError,
        SandboxExpiry, SandboxSpec, SandboxState, SessionFiles,
    },
};
use protocol::{
    SandboxId, SessionId,
    keeper::{EndCause, Enforcement, Isolation, IsolationLevel, Limits},
    probe::ProbeFailure,
};
use tokio::sync::{Notify, watch};

use super::lock;

/// The fake of this port.
pub type Fake = ScriptedSandboxes;

type ProbeScript = Arc<dyn Fn(&ProbeSpec) -> Result<Vec<Bytes>, SandboxError> + Send + Sync>;

/// Records and plays along.
pub struct ScriptedSandboxes {
    state: Mutex<State>,
    news: Notify,
    /// False while starts are held back.
    open: watch::Sender<bool>,
}

#[derive(Default)]
struct State {
    sandboxes: HashMap<SandboxId, Sandbox>,
    workspaces: HashSet<SessionId>,
    /// Archives that workspaces and homes were filled with.
    restored: HashMap<(SessionId, bool), Vec<u8>>,
    started: Vec<SandboxSpec>,
    /// How many starts [`ScriptedSandboxes::next_start`] has handed out.
    taken: usize,
    stopped: Vec<SandboxId>,
    probed: Vec<ProbeSpec>,
    start_failures: VecDeque<SandboxError>,
    probe: Option<ProbeScript>,
    /// The end of sandboxes that are started from now on.
    expiry: Option<SandboxExpiry>,
    snapshots: Vec<SandboxId>,
}

struct Sandbox {
    spec: SandboxSpec,
    state: SandboxState,
    expiry: Option<SandboxExpiry>,
}

impl std::fmt::Debug for ScriptedSandboxes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScriptedSandboxes")
            .field("started", &lock(&self.state).started)
            .finish_non_exhaustive()
    }
}

impl Default for ScriptedSandboxes {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            news: Notify::new(),
            open: watch::Sender::new(true),
        }
    }
}

impl ScriptedSandboxes {
    /// What every fake sandbox says it got.
    #[must_use]
    pub fn full_isolation(limits: Option<Limits>) -> Isolation {
        Isolation {
            level: IsolationLevel::Full,
            namespaces: ["user", "pid", "mount", "ipc", "uts", "net"]
                .map(String::from)
                .to_vec(),
            landlock_abi: Some(3),
            seccomp: true,
            host_uid: 65_000,
            limits_backend: "cgroup2".into(),
            limits: limits.unwrap_or(Limits {
                memory_bytes: 2 << 30,
                pids: 512,
                cpu_milli: 2000,
                disk_bytes: 4 << 30,
                tmp_bytes: 256 << 20,
            }),
            memory: Enforcement::Hard,
            pids: Enforcement::Hard,
            cpu: Enforcement::Hard,
            disk: Enforcement::Watched,
            notes: Vec::new(),
        }
    }

    /// Waits for the next start that has not been taken yet, in order.
    pub async fn next_start(&self) -> SandboxSpec {
        loop {
            let news = self.news.notified();
            tokio::pin!(news);
            news.as_mut().enable();
            {
                let mut state = lock(&self.state);
                if let Some(spec) = state.started.get(state.taken).cloned() {
                    state.taken += 1;
                    return spec;
                }
            }
            news.await;
        }
    }

    /// Every spec started so far.
    #[must_use]
    pub fn started(&self) -> Vec<SandboxSpec> {
        lock(&self.state).started.clone()
    }

    /// Every sandbox that was asked to stop while it ran.
    #[must_use]
    pub fn stopped(&self) -> Vec<SandboxId> {
        lock(&self.state).stopped.clone()
    }

    /// Every probe asked so far.
    #[must_use]
    pub fn probed(&self) -> Vec<ProbeSpec> {
        lock(&self.state).probed.clone()
    }

    /// Whether workspace and home of a session are there.
    #[must_use]
    pub fn has_workspace(&self, session: SessionId) -> bool {
        lock(&self.state).workspaces.contains(&session)
    }

    /// The archive that workspace or home of a session was filled with.
    #[must_use]
    pub fn restored(&self, session: SessionId, files: SessionFiles) -> Option<Vec<u8>> {
        let key = (session, files == SessionFiles::Home);
        lock(&self.state).restored.get(&key).cloned()
    }

    /// The sandbox ends by itself.
    pub fn end(&self, id: SandboxId, cause: EndCause) {
        if let Some(sandbox) = lock(&self.state).sandboxes.get_mut(&id) {
            sandbox.state = SandboxState::Ended { cause };
        }
    }

    /// The provider loses all memory of it.
    pub fn forget(&self, id: SandboxId) {
        lock(&self.state).sandboxes.remove(&id);
    }

    /// The next start fails like this; several queue up.
    pub fn fail_next_start(&self, error: SandboxError) {
        lock(&self.state).start_failures.push_back(error);
    }

    /// Sandboxes started from now on have this end; they only end when the test says so.
    pub fn expire(&self, expiry: Option<SandboxExpiry>) {
        lock(&self.state).expiry = expiry;
    }

    /// Every sandbox whose workspace was kept, in order.
    #[must_use]
    pub fn snapshots(&self) -> Vec<SandboxId> {
        lock(&self.state).snapshots.clone()
    }

    /// Starts do not return (and are not noted) until [`ScriptedSandboxes::let_starts_go`].
    pub fn hold_starts(&self) {
        self.open.send_replace(false);
    }

    pub fn let_starts_go(&self) {
        self.open.send_replace(true);
    }

    /// What probes answer from now on. Without a script they fail with `internal`.
    pub fn on_probe(
        &self,
        script: impl Fn(&ProbeSpec) -> Result<Vec<Bytes>, SandboxError> + Send + Sync + 'static,
    ) {
        lock(&self.state).probe = Some(Arc::new(script));
    }
}

#[async_trait]
impl SandboxProvider for ScriptedSandboxes {
    fn name(&self) -> &'static str {
        "fake"
    }

    async fn isolation(&self) -> Result<Isolation, SandboxError> {
        Ok(Self::full_isolation(None))
    }

    async fn start(&self, spec: SandboxSpec) -> Result<Isolation, SandboxError> {
        let mut open = self.open.subscribe();
        // The sender lives as long as `self`, so this only ends when the gate opens.
        let _ = open.wait_for(|open| *open).await;
        let isolation = Self::full_isolation(spec.limits);
        {
            let mut state = lock(&self.state);
            if let Some(error) = state.start_failures.pop_front() {
                return Err(error);
            }
            let running = state
                .sandboxes
                .get(&spec.sandbox_id)
                .map(|known| known.state.clone());
            match running {
                Some(SandboxState::Running { isolation }) => return Ok(isolation),
                Some(_) => {
                    return Err(SandboxError::Permanent(
                        "this sandbox has ended; start another".into(),
                    ));
                }
                None => {}
            }
            state.workspaces.insert(spec.session_id);
            state.started.push(spec.clone());
            let sandbox = Sandbox {
                state: SandboxState::Running {
                    isolation: isolation.clone(),
                },
                expiry: state.expiry,
                spec,
            };
            state.sandboxes.insert(sandbox.spec.sandbox_id, sandbox);
        }
        self.news.notify_waiters();
        Ok(isolation)
    }

    async fn state(&self, id: SandboxId) -> Result<SandboxState, SandboxError> {
        Ok(lock(&self.state)
            .sandboxes
            .get(&id)
            .map_or(SandboxState::Unknown, |known| known.state.clone()))
    }

    async fn expiry(&self, id: SandboxId) -> Result<Option<SandboxExpiry>, SandboxError> {
        Ok(lock(&self.state)
            .sandboxes
            .get(&id)
            .filter(|known| matches!(known.state, SandboxState::Running { .. }))
            .and_then(|known| known.expiry))
    }

    async fn snapshot(&self, id: SandboxId) -> Result<String, SandboxError> {
        let mut state = lock(&self.state);
        match state.sandboxes.get(&id) {
            Some(known) if !matches!(known.state, SandboxState::Running { .. }) => {
                Err(SandboxError::Permanent("it does not run any more".into()))
            }
            Some(known) if known.expiry.is_some_and(|expiry| expiry.can_snapshot) => {
                state.snapshots.push(id);
                Ok(format!("snapshot-{id}"))
            }
            Some(_) => Err(SandboxError::Permanent("this provider keeps no snapshots".into())),
            None => Err(SandboxError::Permanent("there is no such sandbox".into())),
        }
    }

    async fn stop(&self, id: SandboxId, _grace_ms: u64) -> Result<(), SandboxError> {
        let mut state = lock(&self.state);
        if let Some(sandbox) = state.sandboxes.get_mut(&id)
            && matches!(sandbox.state, SandboxState::Running { .. })
        {
            sandbox.state = SandboxState::Ended {
                cause: EndCause::Stopped,
            };
            state.stopped.push(id);
        }
        Ok(())
    }

    async fn list(&self) -> Result<Vec<RunningSandbox>, SandboxError> {
        let state = lock(&self.state);
        let running = state
            .sandboxes
            .values()
            .filter(|known| matches!(known.state, SandboxState::Running { .. }));
        let mut list: Vec<RunningSandbox> = running
            .map(|known| RunningSandbox {
                sandbox_id: known.spec.sandbox_id,
                session_id: known.spec.session_id,
                generation: known.spec.generation,
            })
            .collect();
        list.sort_unstable_by_key(|sandbox| sandbox.sandbox_id);
        Ok(list)
    }

    async fn probe(&self, spec: ProbeSpec) -> Result<ProbeOutput, SandboxError> {
        let (script, there) = {
            let mut state = lock(&self.state);
            state.probed.push(spec.clone());
            let there = match spec.workspace {
                ProbeWorkspace::Session(session) | ProbeWorkspace::Home(session) => {
                    state.workspaces.contains(&session)
                }
                ProbeWorkspace::Scratch => true,
            };
            (state.probe.clone(), there)
        };
        let failure = |code: &str, message: &str| {
            SandboxError::Probe(ProbeFailure {
                code: code.into(),
                message: message.into(),
            })
        };
        if !there {
            return Err(failure("no_workspace", "the session has no workspace yet"));
        }
        let Some(script) = script else {
            return Err(failure("internal", "no probe answer was programmed"));
        };
        let mut left = spec.max_output_bytes;
        let mut items = Vec::new();
        for chunk in script(&spec)? {
            let length = chunk.len() as u64;
            if length > left {
                items.push(Err(failure("too_large", "the output is longer than allowed")));
                break;
            }
            left -= length;
            items.push(Ok(chunk));
        }
        Ok(Box::pin(stream::iter(items)))
    }

    async fn restore(&self, spec: RestoreSpec, archive: ArchiveSource) -> Result<(), SandboxError> {
        let mut bytes = Vec::new();
        let mut archive = archive;
        while let Some(chunk) = archive.next().await {
            let chunk = chunk.map_err(|error| SandboxError::Transient(error.to_string()))?;
            bytes.extend_from_slice(&chunk);
        }
        let refused = |code: &str, message: &str| {
            Err(SandboxError::Probe(ProbeFailure {
                code: code.into(),
                message: message.into(),
            }))
        };
        if bytes.len() as u64 > spec.max_bytes {
            return refused("too_large", "the archive is longer than allowed");
        }
        // Archives are whole blocks, and the first has the format's name in it, or nothing.
        let begins = bytes.get(257..262).is_some_and(|magic| magic == b"ustar") || bytes.first() == Some(&0);
        if bytes.len() % 512 != 0 || !begins {
            return refused("invalid_archive", "this is no archive");
        }
        let mut state = lock(&self.state);
        let key = (spec.session_id, spec.files == SessionFiles::Home);
        if state.restored.contains_key(&key) {
            return refused("invalid_archive", "something is there already");
        }
        state.workspaces.insert(spec.session_id);
        state.restored.insert(key, bytes);
        Ok(())
    }

    async fn destroy(&self, session: SessionId) -> Result<(), SandboxError> {
        let mut state = lock(&self.state);
        let busy = state.sandboxes.values().any(|known| {
            known.spec.session_id == session && matches!(known.state, SandboxState::Running { .. })
        });
        if busy {
            return Err(SandboxError::Transient(
                "a sandbox of this session still runs".into(),
            ));
        }
        state
            .sandboxes
            .retain(|_, known| known.spec.session_id != session);
        state.workspaces.remove(&session);
        state.restored.retain(|(of, _), _| *of != session);
        Ok(())
    }
}
