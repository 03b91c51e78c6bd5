//! Sandboxes: where agents and everything else that is hostile runs.

use std::pin::Pin;

use async_trait::async_trait;
use bytes::Bytes;
use futures::Stream;
use protocol::{
    SandboxId, SessionId,
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
    pub network: bool,
    /// Longest it may run, milliseconds.
    pub timeout_ms: u64,
    /// Longest output, bytes; more ends the stream with an error.
    pub max_output_bytes: u64,
}

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

    /// Stops it and everything in it; workspace and home stay. Returns when nothing runs any more. Stopping
    /// what is not there is fine.
    async fn stop(&self, id: SandboxId, grace_ms: u64) -> Result<(), SandboxError>;

    /// All that run now, for reconciliation.
    async fn list(&self) -> Result<Vec<RunningSandbox>, SandboxError>;

    /// Asks a question in a throw-away sandbox.
    async fn probe(&self, spec: ProbeSpec) -> Result<ProbeOutput, SandboxError>;

    /// Removes workspace and home of a session, whatever is in them. Its sandboxes must be stopped.
    async fn destroy(&self, session: SessionId) -> Result<(), SandboxError>;
}
