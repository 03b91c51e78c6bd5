//! Commands: everything that can be asked of, or reported to, a session.

use protocol::{
    CommandId, MicroUsd, PromptId, RunId,
    environment::EnvironmentPlan,
    event::EgressDecided,
    keeper::{EndCause, Isolation},
    runner::{PermissionReply, RunnerReport},
    session::{Author, Tokens},
};

use super::state::{Expiry, Profile, Prompt};

/// What the provider says about a sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed {
    /// With the end that its provider has set for it, if any.
    Running(Option<Expiry>),
    Ended(EndCause),
    Unknown,
}

/// One command.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    // From people.
    /// With the first prompt, if it came along: both are in the first commit.
    Create(Box<Profile>, Option<Box<Prompt>>),
    /// Its mode says where it goes and what it does to the turn in flight.
    Enqueue(Box<Prompt>),
    Cancel {
        prompt_id: PromptId,
        by: Author,
    },
    Interrupt {
        by: Author,
    },
    AnswerPermission {
        permission_id: String,
        reply: PermissionReply,
        message: Option<String>,
        by: Author,
    },
    AnswerQuestion {
        question_id: String,
        answers: Vec<Vec<String>>,
        rejected: bool,
        by: Author,
    },
    Hibernate {
        by: Author,
    },
    Wake {
        by: Author,
    },
    Rename {
        title: String,
        by: Author,
    },
    Archive {
        by: Author,
    },
    /// By nobody when its time is over.
    Delete {
        by: Option<Author>,
    },
    /// The bytes are stored already. `generation`: that of the sandbox it comes from, if it does.
    AddArtifact {
        artifact: Box<protocol::event::ArtifactCreated>,
        prompt_id: Option<PromptId>,
        generation: Option<u64>,
    },
    RemoveArtifact {
        artifact_id: protocol::ArtifactId,
        by: Author,
    },

    // From the runner. Hashes, so that no secret is in a command.
    RunnerHello {
        generation: u64,
        credential_hash: [u8; 32],
        secret_hash: [u8; 32],
        runner_version: String,
    },
    RunnerReport {
        generation: u64,
        n: u64,
        prompt_id: Option<PromptId>,
        report: Box<RunnerReport>,
    },
    RunnerDone {
        generation: u64,
        command_id: CommandId,
    },

    // From effects.
    SandboxStarted {
        generation: u64,
        isolation: Isolation,
        expiry: Option<Expiry>,
    },
    /// Workspace and home are kept under this reference of the provider.
    SandboxSnapshotted {
        generation: u64,
        reference: String,
    },
    SnapshotFailed {
        generation: u64,
        cause: String,
    },
    SandboxStartFailed {
        generation: u64,
        cause: String,
        retryable: bool,
    },
    SandboxObserved {
        generation: u64,
        observed: Observed,
        link_seen: Option<protocol::Timestamp>,
    },
    SandboxStopped {
        generation: u64,
    },
    RunFlushed {
        run_id: RunId,
    },
    Detected {
        plan: EnvironmentPlan,
    },

    // From the ways in and out of the sandbox.
    Metered {
        generation: u64,
        provider: String,
        model: String,
        tokens: Tokens,
        cost: Option<MicroUsd>,
        source: String,
        duration_ms: u64,
    },
    Egress {
        generation: u64,
        decided: EgressDecided,
    },

    // From the host.
    /// An alarm is due. `link_seen`: when the runner was last heard, as far as this process knows.
    AlarmDue {
        link_seen: Option<protocol::Timestamp>,
        /// When a preview of output last passed: no fact, but a sign of work.
        preview_seen: Option<protocol::Timestamp>,
    },
    /// The server is being stopped for good: the sandbox goes, what runs ends with that reason.
    Quiesce,
    /// The owner has just taken over; owed effects are named again.
    Recover,
}
