//! Facts: what the log stores. Public ones are events; private ones ride along without a `seq`.

use protocol::{
    CommandId, EventBody, PromptId, RunId, SandboxId, Timestamp,
    agent::ModelBinding,
    keeper::Isolation,
    run::RunRecord,
    session::{Attachment, ImportedFrom, PromptMode, TurnError},
};
use serde::{Deserialize, Serialize};

use super::state::{Expiry, OwedCommand, Profile};

/// One fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    Event {
        prompt_id: Option<PromptId>,
        body: EventBody,
    },
    Private(PrivateFact),
}

/// What only the machine needs to know. Stored format: additive only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
pub enum PrivateFact {
    /// Comes before `session.created`.
    Profiled(Box<Profile>),
    /// Comes before `prompt.queued`, which has text and author.
    PromptAccepted {
        prompt_id: PromptId,
        model: String,
        binding: ModelBinding,
        attachments: Vec<Attachment>,
        #[serde(default, skip_serializing_if = "PromptMode::is_queue")]
        mode: PromptMode,
        /// Place among those that wait; absent = at the end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        position: Option<u32>,
    },
    /// Comes before `sandbox.requested`.
    GenerationOpened {
        sandbox_id: SandboxId,
        generation: u64,
        token_hash: [u8; 32],
    },
    /// Comes before `sandbox.connected`.
    RunnerLinked {
        generation: u64,
        secret_hash: [u8; 32],
    },
    IsolationKnown {
        generation: u64,
        isolation: Isolation,
    },
    /// Reports up to `n` are in the log.
    RunnerAdvanced {
        generation: u64,
        n: u64,
    },
    CommandIssued {
        command_id: CommandId,
        command: OwedCommand,
    },
    CommandDone {
        command_id: CommandId,
    },
    GateClosed {
        prompt_id: PromptId,
        generation: u64,
        deadline: Timestamp,
    },
    GateOpened,
    SandboxStopping {
        generation: u64,
        cause: String,
    },
    LivenessChecked {
        generation: u64,
    },
    /// A watchdog found that output was being streamed although none was committed.
    OutputPreviewed {
        prompt_id: PromptId,
        at: Timestamp,
    },
    RunOwed(Box<RunRecord>),
    RunFlushed {
        run_id: RunId,
    },
    AttemptFailed {
        error: TurnError,
        /// The last attempt for the prompts that waited.
        permanent: bool,
        /// Trying again would only meet the same: counts for the breaker.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        hopeless: bool,
    },
    ExpiryKnown {
        generation: u64,
        expiry: Expiry,
    },
    /// No turn is dispatched into this sandbox any more.
    SandboxRetiring {
        generation: u64,
    },
    /// Its workspace is being kept.
    SandboxSaving {
        generation: u64,
    },
    WakeWanted {
        wanted: bool,
    },
    /// Last of the facts that came with a bundle: what follows happened here.
    Imported(Box<ImportedFrom>),
}

/// A stored fact that this build cannot read.
#[derive(Debug, thiserror::Error)]
#[error("fact {position} ({kind}) cannot be read: {source}")]
pub struct StoredFactError {
    pub position: u64,
    pub kind: String,
    pub source: serde_json::Error,
}

const PRIVATE: &str = "private";

impl Fact {
    /// Whether it gets a `seq`.
    #[must_use]
    pub fn is_public(&self) -> bool {
        matches!(self, Self::Event { .. })
    }

    /// The event's type, or `private`.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Event { body, .. } => body.kind(),
            Self::Private(_) => PRIVATE,
        }
    }

    #[must_use]
    pub fn prompt_id(&self) -> Option<PromptId> {
        match self {
            Self::Event { prompt_id, .. } => *prompt_id,
            Self::Private(_) => None,
        }
    }

    /// The stored document.
    ///
    /// # Errors
    /// When a payload cannot be written as JSON, which none of ours does.
    pub fn body(&self) -> Result<String, serde_json::Error> {
        match self {
            Self::Event { body, .. } => body.data_json(),
            Self::Private(fact) => serde_json::to_string(fact),
        }
    }

    /// From its stored parts.
    ///
    /// # Errors
    /// When a private fact is of a shape this build does not know: going on without it would be wrong.
    pub fn from_stored(
        position: u64,
        public: bool,
        prompt_id: Option<PromptId>,
        kind: &str,
        body: &str,
    ) -> Result<Self, StoredFactError> {
        let failed = |source| StoredFactError {
            position,
            kind: kind.to_owned(),
            source,
        };
        if public {
            Ok(Self::Event {
                prompt_id,
                body: EventBody::from_json(kind, body).map_err(failed)?,
            })
        } else {
            Ok(Self::Private(serde_json::from_str(body).map_err(failed)?))
        }
    }
}
