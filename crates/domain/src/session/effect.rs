//! Effects: what is to be done once the facts that call for it are committed.

use protocol::SandboxId;

/// One effect. Each is safe to repeat; its outcome comes back as a command.
#[derive(Clone, PartialEq)]
pub enum Effect {
    /// Start the sandbox of this generation with this one-time token. `attempt`: failed attempts before it, to wait longer each time.
    StartSandbox {
        sandbox_id: SandboxId,
        generation: u64,
        token: String,
        attempt: u32,
    },
    /// Ask the provider whether it lives.
    ObserveSandbox {
        sandbox_id: SandboxId,
        generation: u64,
    },
    StopSandbox {
        sandbox_id: SandboxId,
        generation: u64,
    },
    /// Have the provider keep workspace and home as they are.
    SnapshotSandbox {
        sandbox_id: SandboxId,
        generation: u64,
    },
    /// Tell the runner everything it is owed, if it is there.
    SendOwed,
    /// Write the records of the outbox to the history, in order.
    FlushRuns,
    /// Read a listing and answer with a plan.
    Detect(Box<protocol::probe::Listing>),
    /// Remove everything of this session.
    Purge,
}

impl Effect {
    /// Its word in the transition table.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::StartSandbox { .. } => "start_sandbox",
            Self::ObserveSandbox { .. } => "observe_sandbox",
            Self::StopSandbox { .. } => "stop_sandbox",
            Self::SnapshotSandbox { .. } => "snapshot_sandbox",
            Self::SendOwed => "send_owed",
            Self::FlushRuns => "flush_runs",
            Self::Detect(_) => "detect",
            Self::Purge => "purge",
        }
    }
}

impl std::fmt::Debug for Effect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not derived: the token of StartSandbox is a secret.
        match self {
            Self::StartSandbox {
                sandbox_id,
                generation,
                ..
            } => write!(f, "StartSandbox({sandbox_id}, {generation})"),
            Self::ObserveSandbox { sandbox_id, .. } => write!(f, "ObserveSandbox({sandbox_id})"),
            Self::StopSandbox { sandbox_id, .. } => write!(f, "StopSandbox({sandbox_id})"),
            Self::SnapshotSandbox { sandbox_id, .. } => write!(f, "SnapshotSandbox({sandbox_id})"),
            Self::SendOwed => f.write_str("SendOwed"),
            Self::FlushRuns => f.write_str("FlushRuns"),
            Self::Detect(_) => f.write_str("Detect"),
            Self::Purge => f.write_str("Purge"),
        }
    }
}
