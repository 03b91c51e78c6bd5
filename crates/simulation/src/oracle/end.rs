//! Rules for the end: faults are over, everything has come to rest.

use protocol::{SessionId, run::RunRecord};

use super::{Held, Oracle, Truth};

impl Oracle {
    /// Why a session has not come to rest yet; `None` when it has.
    pub(crate) fn restless(&self, id: SessionId) -> Option<String> {
        let truth = self.get(id)?;
        if truth.deleted {
            return None;
        }
        let state = &truth.state;
        if let Some((prompt, _)) = truth.prompts.iter().find(|(_, prompt)| !prompt.ended) {
            return Some(format!("{prompt} has not ended"));
        }
        if !state.outbox.is_empty() {
            return Some(format!("{} run records are owed", state.outbox.len()));
        }
        if !state.owed.is_empty() {
            return Some(format!("{} commands are owed", state.owed.len()));
        }
        if let Some(sandbox) = &state.sandbox {
            return Some(format!("its sandbox is {:?}", sandbox.phase));
        }
        if domain::session::Life::Deleted == state.life {
            return Some("it is being deleted".into());
        }
        None
    }

    /// I1, I5 and the outbox: what was accepted is there, ended once, and recorded once.
    pub(crate) fn settled(&self, id: SessionId, history: &[RunRecord]) -> Held {
        let Some(truth) = self.get(id) else { return Ok(()) };
        if truth.deleted {
            return if history.iter().any(|run| run.session_id == id) {
                Err(format!("{id} is deleted and has records left"))
            } else {
                Ok(())
            };
        }
        for ((session, key), prompt) in &self.accepted {
            if *session == id && !truth.prompts.contains_key(prompt) {
                return Err(format!("I1: {prompt} (key {key}) was accepted and is lost"));
            }
        }
        truth.recorded(id, history)
    }
}

impl Truth {
    fn recorded(&self, id: SessionId, history: &[RunRecord]) -> Held {
        for (prompt, it) in &self.prompts {
            if !it.ended || it.runs != 1 {
                return Err(format!(
                    "I5: {prompt} of {id}: ended {}, {} run records",
                    it.ended, it.runs
                ));
            }
        }
        for run in self.runs.values() {
            let times = history.iter().filter(|known| *known == run).count();
            if times != 1 {
                return Err(format!("I8: {} of {id} is in the history {times} times", run.id));
            }
        }
        let kept = history.iter().filter(|run| run.session_id == id).count();
        if kept != self.runs.len() {
            return Err(format!(
                "I8: {id} owed {} run records, {kept} are in the history",
                self.runs.len()
            ));
        }
        Ok(())
    }

    /// I1 for one runner: what it was told is durable, and each of its texts once.
    pub(crate) fn kept(&self, generation: u64, acked: u64, texts: &[u64]) -> Held {
        let durable = self.advanced.get(&generation).copied().unwrap_or(0);
        if acked > durable {
            return Err(format!(
                "I1: generation {generation} was told {acked}, {durable} is durable"
            ));
        }
        for n in texts.iter().filter(|n| **n <= durable) {
            if !self.texts.contains(&(generation, *n)) {
                return Err(format!(
                    "I1: text {n} of generation {generation} was acked and is lost"
                ));
            }
        }
        Ok(())
    }
}
