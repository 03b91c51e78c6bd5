//! The state of a session: what the facts so far add up to.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use protocol::{
    CommandId, EnvironmentId, MicroUsd, OrgId, PromptId, SandboxId, SessionId, Timestamp,
    agent::ModelBinding,
    keeper::Isolation,
    run::RunRecord,
    runner::PermissionReply,
    session::{Attachment, Author, ImportedFrom, PermissionMode, PromptMode, Repository, Tokens, TurnError},
};
use serde::{Deserialize, Serialize};

use super::Policy;
use crate::sealed::Sealed;

/// What a session is, given at creation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    pub id: SessionId,
    pub org: OrgId,
    pub created_by: Author,
    pub created_at: Timestamp,
    pub agent: String,
    pub model: String,
    pub binding: ModelBinding,
    pub permissions: PermissionMode,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub repository: Option<Repository>,
    #[serde(default)]
    pub environment_id: Option<EnvironmentId>,
    /// Set-up commands of the environment, as they were at creation.
    #[serde(default)]
    pub setup: Vec<String>,
    /// Token for the repository's host.
    #[serde(default)]
    pub git_token: Option<Sealed>,
}

/// A prompt that waits or runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prompt {
    pub id: PromptId,
    pub text: Arc<str>,
    pub attachments: Arc<Vec<Attachment>>,
    pub author: Author,
    /// `provider/model`.
    pub model: String,
    pub binding: ModelBinding,
    /// How it took its place in the queue.
    #[serde(default)]
    pub mode: PromptMode,
    pub queued_at: Timestamp,
    pub queued_seq: u64,
}

/// The prompt that is being worked on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    pub prompt: Prompt,
    pub started_at: Timestamp,
    /// Last sign of work; `None` before the first.
    pub output_at: Option<Timestamp>,
    /// Last preview of output that a watchdog took note of.
    #[serde(default)]
    pub preview_at: Option<Timestamp>,
    pub tool_calls: u64,
    pub tokens: Tokens,
    /// `None` once a call without a known price was made.
    pub cost: Option<MicroUsd>,
    /// Model calls the gateway has metered.
    pub calls: u64,
}

/// After an interrupt: nothing is dispatched until the runner confirms or the deadline passes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    pub prompt_id: PromptId,
    pub generation: u64,
    pub deadline: Timestamp,
}

/// Where the sandbox of the current generation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Asked for; no contact yet.
    Starting,
    /// The runner has made contact and prepares workspace and agent.
    Preparing,
    /// A turn can be dispatched, unless it is to be retired.
    Ready,
    /// Its workspace is being kept by its provider, before it is stopped.
    Saving,
    /// Being stopped.
    Stopping,
}

/// The sandbox of the current generation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sandbox {
    pub id: SandboxId,
    pub generation: u64,
    pub phase: Phase,
    pub requested_at: Timestamp,
    /// Last progress while starting or preparing; when stopping, since when.
    pub progress_at: Timestamp,
    /// What it does while preparing, in the words of its runner.
    #[serde(default)]
    pub step: Option<String>,
    /// Last time the liveness of the runner was looked at.
    pub checked_at: Timestamp,
    pub token_hash: [u8; 32],
    pub secret_hash: Option<[u8; 32]>,
    /// Last report of the runner that is in the log.
    pub acked: u64,
    pub isolation: Option<Isolation>,
    /// When its provider ends it, whatever it does then.
    #[serde(default)]
    pub expiry: Option<Expiry>,
    /// True once it has come so near to that end that no turn is dispatched into it any more.
    #[serde(default)]
    pub retiring: bool,
    /// Why it is being stopped.
    pub stop_cause: Option<String>,
}

/// The end of a sandbox that its provider has set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiry {
    pub at: Timestamp,
    /// Whether the provider can keep workspace and home as they are before that.
    pub can_snapshot: bool,
}

/// Permanent failures in a row: what opens the breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Breaker {
    pub failures: u32,
    pub last_at: Timestamp,
}

/// Whether a session can still be worked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Life {
    #[default]
    Active,
    Archived,
    Deleted,
}

/// A command that a runner has not confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum OwedCommand {
    /// Its text is in the turn.
    Prompt {
        prompt_id: PromptId,
    },
    Interrupt {
        prompt_id: PromptId,
    },
    Permission {
        permission_id: String,
        reply: PermissionReply,
        message: Option<String>,
    },
    Question {
        question_id: String,
        answers: Vec<Vec<String>>,
        rejected: bool,
    },
}

/// Everything the machine knows about a session.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct State {
    /// Facts so far.
    pub position: u64,
    /// Public events so far.
    pub head: u64,
    /// `None` until the session has been created.
    pub profile: Option<Arc<Profile>>,
    pub life: Life,
    pub queue: VecDeque<Prompt>,
    pub turn: Option<Turn>,
    pub gate: Option<Gate>,
    /// Generations handed out so far.
    pub generation: u64,
    pub sandbox: Option<Sandbox>,
    /// Commands for the runner of this generation, in order.
    pub owed: Vec<(CommandId, OwedCommand)>,
    /// Requests that wait for a person, with the event's `seq`.
    pub permissions: BTreeMap<String, u64>,
    pub questions: BTreeMap<String, u64>,
    /// Requests of this turn that have been answered: a second answer is told so.
    #[serde(default)]
    pub answered: BTreeSet<String>,
    /// Run records that the history has not confirmed yet, oldest first. Shared: there may be many while the
    /// history is down, and a state is copied for each decision.
    pub outbox: Arc<Vec<Arc<RunRecord>>>,
    /// The agent's own conversation.
    pub agent_session_id: Option<String>,
    /// True once a sandbox has been there and was stopped with its workspace kept.
    pub hibernated: bool,
    /// Failed attempts to get a working sandbox, in a row.
    pub failures: u32,
    /// Why the last attempt failed, until something works again.
    pub failed: Option<TurnError>,
    /// Those of them that trying again would only meet again, across prompts; forgotten once an agent is ready.
    #[serde(default)]
    pub breaker: Breaker,
    /// A person has asked for a sandbox while the last one was still being stopped.
    #[serde(default)]
    pub wake_wanted: bool,
    /// What the session has left behind. Shared: a state is copied for each decision.
    #[serde(default)]
    pub artifacts: Arc<BTreeMap<protocol::ArtifactId, protocol::api::Artifact>>,
    /// Bytes of its facts as they are stored. Counted by the owner, who stores them; the facts themselves don't say it.
    #[serde(default)]
    pub log_bytes: u64,
    /// Since when there has been nothing to do.
    pub idle_since: Timestamp,
    pub tokens: Tokens,
    pub cost: Option<MicroUsd>,
    /// True once a call without a known price was made.
    pub cost_unknown: bool,
    /// Where it lived before it was brought here.
    #[serde(default)]
    pub imported: Option<Box<ImportedFrom>>,
    /// Time of the last fact.
    pub updated_at: Timestamp,
}

impl State {
    /// Bytes that the session keeps: its facts, with what was attached to prompts, and its artifacts.
    #[must_use]
    pub fn kept_bytes(&self) -> u64 {
        let artifacts = self.artifacts.values().map(|artifact| artifact.size_bytes);
        artifacts.fold(self.log_bytes, u64::saturating_add)
    }

    /// The sandbox, if its generation is this one.
    #[must_use]
    pub fn sandbox_of(&self, generation: u64) -> Option<&Sandbox> {
        #[cfg(feature = "planted")]
        if crate::planted::is(crate::planted::Planted::NoGenerationCheck) {
            return self.sandbox.as_ref();
        }
        self.sandbox
            .as_ref()
            .filter(|sandbox| sandbox.generation == generation)
    }

    /// Until when no sandbox is started by itself, because starting one has failed for good too often.
    #[must_use]
    pub fn breaker_until(&self, policy: &Policy) -> Option<Timestamp> {
        (self.breaker.failures >= policy.breaker_failures)
            .then(|| self.breaker.last_at.after(policy.breaker_pause))
    }

    /// Whether somebody has to answer before the turn goes on.
    #[must_use]
    pub fn waits_for_person(&self) -> bool {
        !self.permissions.is_empty() || !self.questions.is_empty()
    }

    /// The session's cost so far; `None` when a price was not known.
    #[must_use]
    pub fn known_cost(&self) -> Option<MicroUsd> {
        if self.cost_unknown {
            None
        } else {
            Some(self.cost.unwrap_or_default())
        }
    }
}
