//! Effects: what is to be done once the facts that call for it are committed.

use protocol::{SandboxId, run::RunRecord};

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
    /// Tell the runner everything it is owed, if it is there.
    SendOwed,
    /// Write a run record to the history.
    FlushRun(Box<RunRecord>),
    /// Read a listing and answer with a plan.
    Detect(Box<protocol::probe::Listing>),
    /// Remove everything of this session.
    Purge,
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
            Self::SendOwed => f.write_str("SendOwed"),
            Self::FlushRun(run) => write!(f, "FlushRun({})", run.id),
            Self::Detect(_) => f.write_str("Detect"),
            Self::Purge => f.write_str("Purge"),
        }
    }
}
