//! What is true: every durable commit as the log took it, and the rules that each commit and each word to the
//! outside is held to, at the moment it happens.
//!
//! The rules are called I1 to I10, as in `docs/guides/simulation.md`.

pub(crate) mod commit;
mod end;
mod told;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::session::{Policy, State};
use protocol::{CommandId, Event, PromptId, RunId, SandboxId, SessionId, run::RunRecord};

/// A rule that did not hold.
pub(crate) type Broken = String;
pub(crate) type Held = Result<(), Broken>;

/// One session as its durable log says it is.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    /// The log folded, by the product's own fold.
    pub(crate) state: State,
    pub(crate) events: Vec<Arc<Event>>,
    /// Epochs handed out, with the host that got each.
    pub(crate) epochs: BTreeMap<u64, u32>,
    last_epoch: u64,
    /// Epochs with a fenced or failed append do not matter; this is the newest that wrote.
    wrote: u64,
    pub(crate) prompts: BTreeMap<PromptId, PromptTruth>,
    /// Highest report in the log, by generation.
    pub(crate) advanced: BTreeMap<u64, u64>,
    /// Texts of runners in the log: (generation, n).
    pub(crate) texts: BTreeSet<(u64, u64)>,
    pub(crate) sandboxes: BTreeMap<SandboxId, u64>,
    pub(crate) commands: BTreeSet<CommandId>,
    pub(crate) runs: BTreeMap<RunId, RunRecord>,
    /// Idempotency keys in the log, with their replies.
    pub(crate) keys: BTreeMap<(String, String), String>,
    pub(crate) deleted: bool,
}

#[derive(Debug, Default)]
pub(crate) struct PromptTruth {
    pub(crate) started: bool,
    pub(crate) ended: bool,
    pub(crate) runs: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Oracle {
    pub(crate) policy: Policy,
    pub(crate) sessions: BTreeMap<SessionId, Truth>,
    /// Which session a creation key made.
    created: BTreeMap<String, SessionId>,
    /// Turns that some runner began.
    begun: BTreeSet<PromptId>,
    /// Which prompt a key was answered with.
    accepted: BTreeMap<(SessionId, String), PromptId>,
}

impl Oracle {
    pub(crate) fn new(policy: Policy) -> Self {
        Self {
            policy,
            ..Self::default()
        }
    }

    pub(crate) fn truth(&mut self, id: SessionId) -> &mut Truth {
        self.sessions.entry(id).or_default()
    }

    pub(crate) fn get(&self, id: SessionId) -> Option<&Truth> {
        self.sessions.get(&id)
    }

    pub(crate) fn head(&self, id: SessionId) -> u64 {
        self.get(id).map_or(0, |truth| truth.events.len() as u64)
    }

    pub(crate) fn is_deleted(&self, id: SessionId) -> bool {
        self.get(id).is_some_and(|truth| truth.deleted)
    }

    /// A host became the owner. I4: an epoch belongs to one owner alone.
    pub(crate) fn acquired(&mut self, id: SessionId, epoch: u64, host: u32) -> Held {
        let truth = self.truth(id);
        truth.last_epoch = truth.last_epoch.max(epoch);
        match truth.epochs.insert(epoch, host) {
            None => Ok(()),
            Some(other) => Err(format!(
                "I4: epoch {epoch} of {id} was given to host {other} and host {host}"
            )),
        }
    }

    /// A runner begins a turn: each prompt reaches an agent once, wherever.
    pub(crate) fn begun(&mut self, prompt: PromptId) -> Held {
        if self.begun.insert(prompt) {
            Ok(())
        } else {
            Err(format!("I5: {prompt} was begun twice"))
        }
    }

    pub(crate) fn deleted(&mut self, id: SessionId) -> Held {
        let truth = self.truth(id);
        truth.deleted = true;
        if truth.state.life == domain::session::Life::Deleted {
            Ok(())
        } else {
            Err(format!(
                "I6: the log of {id} was removed before its deletion was durable"
            ))
        }
    }
}
