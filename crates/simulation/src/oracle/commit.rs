//! Rules for what becomes durable: order, fencing, once-only, one turn at a time, alarms.

use std::sync::Arc;

use domain::session::{Fact, PrivateFact, State, earliest};
use ports::session_log::{Commit, LogEntry};
use protocol::{Event, EventBody, SessionId};

use super::{Broken, Held, Oracle, Truth};

impl Oracle {
    /// A commit is durable, whatever its writer gets to hear of it.
    pub(crate) fn committed(&mut self, id: SessionId, host: u32, epoch: u64, commit: &Commit) -> Held {
        let policy = self.policy.clone();
        let truth = self.truth(id);
        let owner = truth.epochs.get(&epoch).copied();
        if owner != Some(host) {
            return Err(format!(
                "I4: host {host} wrote to {id} with epoch {epoch}, which belongs to {owner:?}"
            ));
        }
        if epoch < truth.last_epoch {
            let newest = truth.last_epoch;
            return Err(format!(
                "I3: epoch {epoch} wrote to {id} although {newest} has taken over"
            ));
        }
        if epoch < truth.wrote {
            return Err(format!("I3: epoch {epoch} wrote to {id} after {}", truth.wrote));
        }
        truth.wrote = epoch;
        let mut reports = None;
        for entry in &commit.entries {
            truth
                .entry(entry, &mut reports)
                .map_err(|broken| format!("{broken}, in {id}"))?;
        }
        for key in &commit.idempotency {
            let place = (key.scope.clone(), key.key.clone());
            if let Some(first) = truth.keys.get(&place).filter(|first| **first != key.reply) {
                return Err(format!(
                    "I5: key {} of {id} stood for {first} and now for {}",
                    key.key, key.reply
                ));
            }
            truth.keys.insert(place, key.reply.clone());
        }
        let armed = earliest(&truth.state, &policy).map(|(at, _)| at);
        if commit.alarm != armed {
            return Err(format!(
                "I8: {id} has {armed:?} armed, and {:?} was stored with the commit",
                commit.alarm
            ));
        }
        if let Some(snapshot) = &commit.snapshot {
            let stored: State = serde_json::from_slice(snapshot)
                .map_err(|error| format!("I1: the snapshot of {id} cannot be read: {error}"))?;
            if stored != truth.state {
                return Err(format!(
                    "I1: the snapshot of {id} is not what its facts add up to"
                ));
            }
        }
        Ok(())
    }
}

/// Reports of a runner that a commit takes.
#[derive(Debug)]
struct Reports {
    generation: u64,
    above: u64,
    until: u64,
}

impl Reports {
    /// Each once, in order.
    fn take(&mut self, (generation, n): (u64, u64)) -> bool {
        let fits = generation == self.generation && n > self.above && n <= self.until;
        if fits {
            self.above = n;
        }
        fits
    }
}

impl Truth {
    fn entry(&mut self, entry: &LogEntry, reports: &mut Option<Reports>) -> Held {
        let expected = self.state.position + 1;
        if entry.position != expected {
            return Err(format!("I2: fact {} where {expected} is due", entry.position));
        }
        let fact = Fact::from_stored(
            entry.position,
            entry.seq.is_some(),
            entry.prompt_id,
            &entry.kind,
            &entry.body,
        )
        .map_err(|error| format!("I1: {error}"))?;
        match &fact {
            Fact::Private(fact) => self.private(fact, reports)?,
            Fact::Event { prompt_id, body } => {
                let seq = self.events.len() as u64 + 1;
                if entry.seq != Some(seq) {
                    return Err(format!("I2: event {:?} where {seq} is due", entry.seq));
                }
                self.public(*prompt_id, body, reports)?;
                self.events.push(Arc::new(Event {
                    seq,
                    at: entry.at,
                    prompt_id: *prompt_id,
                    body: body.clone(),
                }));
            }
        }
        if entry.at < self.state.updated_at {
            return Err(format!("time runs backwards at fact {}", entry.position));
        }
        self.state.apply(entry.at, &fact);
        self.state.log_bytes += entry.body.len() as u64;
        Ok(())
    }

    fn private(&mut self, fact: &PrivateFact, reports: &mut Option<Reports>) -> Held {
        match fact {
            PrivateFact::RunnerAdvanced { generation, n } => {
                let sandbox = self.state.sandbox.as_ref();
                let current = sandbox.map(|sandbox| sandbox.generation);
                if current != Some(*generation) {
                    return Err(format!(
                        "I5: report {n} of generation {generation} was taken while {current:?} is the current one"
                    ));
                }
                let acked = self.advanced.entry(*generation).or_default();
                if *n <= *acked {
                    return Err(format!(
                        "I5: report {n} of generation {generation} was taken after {acked}"
                    ));
                }
                // One fact may stand for several reports of this commit.
                *reports = Some(Reports {
                    generation: *generation,
                    above: *acked,
                    until: *n,
                });
                *acked = *n;
            }
            PrivateFact::GenerationOpened {
                sandbox_id,
                generation,
                ..
            } => {
                if *generation != self.state.generation + 1 || self.state.sandbox.is_some() {
                    return Err(format!(
                        "I5: generation {generation} after {}",
                        self.state.generation
                    ));
                }
                self.sandboxes.insert(*sandbox_id, *generation);
            }
            PrivateFact::CommandIssued { command_id, .. } => {
                let fresh = self.commands.insert(*command_id);
                if !fresh {
                    return Err(format!("I5: command {command_id} was issued twice"));
                }
            }
            PrivateFact::RunOwed(run) => {
                let prompt = self.prompts.entry(run.prompt_id).or_default();
                prompt.runs += 1;
                if prompt.runs > 1 || self.runs.insert(run.id, run.as_ref().clone()).is_some() {
                    return Err(format!("I5: a second run record for {}", run.prompt_id));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn public(
        &mut self,
        prompt_id: Option<protocol::PromptId>,
        body: &EventBody,
        reports: &mut Option<Reports>,
    ) -> Held {
        let named = || prompt_id.ok_or_else(|| format!("I10: {} without its prompt", body.kind()));
        match body {
            EventBody::PromptQueued(_) => {
                let id = named()?;
                if self.prompts.insert(id, super::PromptTruth::default()).is_some() {
                    return Err(format!("I5: {id} was queued twice"));
                }
            }
            EventBody::PromptStarted(_) => {
                let id = named()?;
                if let Some(turn) = &self.state.turn {
                    return Err(format!("I10: {id} started while {} ran", turn.prompt.id));
                }
                let first = self.state.queue.front().map(|prompt| prompt.id);
                if first != Some(id) {
                    return Err(format!("I10: {id} started although {first:?} was first"));
                }
                self.prompt(id)?.started = true;
            }
            EventBody::PromptCompleted(_) | EventBody::PromptFailed(_) | EventBody::PromptCancelled(_) => {
                let id = named()?;
                let prompt = self.prompt(id)?;
                if std::mem::replace(&mut prompt.ended, true) {
                    return Err(format!("I5: {id} ended twice"));
                }
            }
            EventBody::MessageText(message) => {
                let Some(mark) = mark_of(&message.text) else {
                    return Err("I5: a text that no runner wrote".into());
                };
                let fits = reports.as_mut().is_some_and(|reports| reports.take(mark));
                if !fits {
                    return Err(format!("I5: text {mark:?} came in as one of {reports:?}"));
                }
                if !self.texts.insert(mark) {
                    return Err(format!("I5: text {mark:?} is in the log twice"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn prompt(&mut self, id: protocol::PromptId) -> Result<&mut super::PromptTruth, Broken> {
        self.prompts
            .get_mut(&id)
            .ok_or_else(|| format!("I1: {id} goes on and was never queued"))
    }
}

/// What a runner of the simulation writes: which report of which generation it is.
pub(crate) fn mark(generation: u64, n: u64) -> String {
    format!("{generation}/{n}")
}

fn mark_of(text: &str) -> Option<(u64, u64)> {
    let (generation, n) = text.split_once('/')?;
    Some((generation.parse().ok()?, n.parse().ok()?))
}
