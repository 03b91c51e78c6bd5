//! Sandboxes: where agents and everything else that is hostile runs.

use std::pin::Pin;

use async_trait::async_trait;
use bytes::Bytes;
use futures::Stream;
use protocol::{
    SandboxId, SessionId, Timestamp,
    api::Secret,
    keeper::{EndCause, Isolation, Limits},
    probe::{ProbeFailure, ProbeRequest},
    runner::RunnerStart,
};

/// Why a sandbox could not be started or asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SandboxError {
    /// May work when tried again: busy, network, time-out.
    #[error("{0}")]
    Transient(String),
    /// Will not work by trying again: missing isolation, bad configuration.
    #[error("{0}")]
    Permanent(String),
    /// The program inside answered that it cannot.
    #[error("{}", .0.message)]
    Probe(ProbeFailure),
}

/// What to start.
#[derive(Debug, Clone)]
pub struct SandboxSpec {
    pub sandbox_id: SandboxId,
    pub session_id: SessionId,
    pub generation: u64,
    /// For the runner inside; holds its one-time token.
    pub start: RunnerStart,
    /// `None` = the provider's defaults.
    pub limits: Option<Limits>,
}

/// Where a sandbox stands, as its provider sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SandboxState {
    Running {
        isolation: Isolation,
    },
    Ended {
        cause: EndCause,
    },
    /// The provider has never heard of it, or has forgotten it.
    Unknown,
}

/// The end that a provider has set for a sandbox, whatever it does then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SandboxExpiry {
    pub at: Timestamp,
    /// Whether [`SandboxProvider::snapshot`] works.
    pub can_snapshot: bool,
}

/// A sandbox that a provider has now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunningSandbox {
    pub sandbox_id: SandboxId,
    pub session_id: SessionId,
    pub generation: u64,
}

/// Which files a probe sees at `/workspace`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeWorkspace {
    /// The session's own workspace, read-only.
    Session(SessionId),
    /// The home of the session's agent, read-only, in the place of a workspace.
    Home(SessionId),
    /// An empty one that is removed afterwards. Its egress is judged as that of `policy_for`'s repository host.
    Scratch,
}

/// A one-shot question to a throw-away sandbox.
#[derive(Debug, Clone)]
pub struct ProbeSpec {
    pub workspace: ProbeWorkspace,
    /// Identity under which relayed connections of this probe arrive at the server.
    pub sandbox_id: SandboxId,
    pub request: ProbeRequest,
    /// Secrets that the answer must not show. The sandbox masks them, where content is still in its own form.
    pub hide: Vec<Secret>,
    pub network: bool,
    /// Longest it may run, milliseconds.
    pub timeout_ms: u64,
    /// Longest output, bytes; more ends the stream with an error.
    pub max_output_bytes: u64,
}

/// What of a session's files is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionFiles {
    Workspace,
    Home,
}

/// Files for a session that has none yet.
#[derive(Debug, Clone)]
pub struct RestoreSpec {
    pub session_id: SessionId,
    pub files: SessionFiles,
    /// The throw-away sandbox that unpacks them: an archive is hostile, as everything is that comes from elsewhere.
    pub sandbox_id: SandboxId,
    /// Longest it may run, milliseconds.
    pub timeout_ms: u64,
    /// Longest archive.
    pub max_bytes: u64,
}

/// An archive on its way into a sandbox; an error says that it ends early.
pub type ArchiveSource = Pin<Box<dyn Stream<Item = std::io::Result<Bytes>> + Send>>;

/// Output of a probe as it comes; an error as last item says that (and why) it failed.
pub type ProbeOutput = Pin<Box<dyn Stream<Item = Result<Bytes, SandboxError>> + Send>>;

/// Starts, watches and stops sandboxes, and keeps their workspaces.
#[async_trait]
pub trait SandboxProvider: Send + Sync {
    /// The provider's word, for example `local`.
    fn name(&self) -> &'static str;

    /// Which isolation and limits a sandbox gets here, found out by trying.
    async fn isolation(&self) -> Result<Isolation, SandboxError>;

    /// Starts a sandbox; the same `sandbox_id` again answers the one that runs. Workspace and home of the
    /// session are made if missing and kept otherwise.
    async fn start(&self, spec: SandboxSpec) -> Result<Isolation, SandboxError>;

    async fn state(&self, id: SandboxId) -> Result<SandboxState, SandboxError>;

    /// When the provider will end a sandbox that runs; `None`: never by itself. What is not there has no end.
    /// A decorator must pass this on.
    async fn expiry(&self, _id: SandboxId) -> Result<Option<SandboxExpiry>, SandboxError> {
        Ok(None)
    }

    /// Keeps workspace and home of a running sandbox as they are now: whatever becomes of it, the session's next
    /// sandbox finds at least these. Answers the provider's own reference. Asking again is fine. A decorator must
    /// pass this on.
    async fn snapshot(&self, _id: SandboxId) -> Result<String, SandboxError> {
        Err(SandboxError::Permanent(
            "this provider cannot keep the workspace of a running sandbox".into(),
        ))
    }

    /// Stops it and everything in it; workspace and home stay. Returns when nothing runs any more. Stopping
    /// what is not there is fine.
    async fn stop(&self, id: SandboxId, grace_ms: u64) -> Result<(), SandboxError>;

    /// All that run now, for reconciliation.
    async fn list(&self) -> Result<Vec<RunningSandbox>, SandboxError>;

    /// Asks a question in a throw-away sandbox.
    async fn probe(&self, spec: ProbeSpec) -> Result<ProbeOutput, SandboxError>;

    /// Fills workspace or home of a session with the files of a tar archive: files, directories and symbolic links
    /// below it, nothing else. Where something is already it is refused, and so is an archive with anything else in
    /// it ([`SandboxError::Probe`], `invalid_archive`). After a failure some of it may be there:
    /// [`Self::destroy`] it.
    async fn restore(&self, spec: RestoreSpec, archive: ArchiveSource) -> Result<(), SandboxError>;

    /// Removes workspace and home of a session, whatever is in them. Its sandboxes must be stopped.
    async fn destroy(&self, session: SessionId) -> Result<(), SandboxError>;
}
