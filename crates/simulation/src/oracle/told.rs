//! Rules for what leaves the process: nothing that is not durable at that moment, and to each reader everything,
//! once, in order.

use ports::{catalog::SessionRow, sandbox::SandboxSpec};
use protocol::{Event, PromptId, SandboxId, SessionId, run::RunRecord, runner::ServerFrame};
use sessions::View;

use super::{Held, Oracle};

impl Oracle {
    /// A session was made, as its creator was told.
    pub(crate) fn told_created(&mut self, key: &str, id: SessionId) -> Held {
        if self.truth(id).state.profile.is_none() && !self.is_deleted(id) {
            return Err(format!("I6: {id} was announced and is not in its log"));
        }
        match self.created.insert(key.to_owned(), id) {
            Some(other) if other != id => Err(format!("I5: creation {key} made {other} and {id}")),
            _ => Ok(()),
        }
    }

    /// A prompt was accepted, as its sender was told.
    pub(crate) fn told_queued(&mut self, session: SessionId, key: Option<&str>, prompt: PromptId) -> Held {
        let truth = self.truth(session);
        if !truth.prompts.contains_key(&prompt) && !truth.deleted {
            return Err(format!(
                "I6: {prompt} was accepted and is not in the log of {session}"
            ));
        }
        let Some(key) = key else { return Ok(()) };
        match self.accepted.insert((session, key.to_owned()), prompt) {
            Some(other) if other != prompt => Err(format!(
                "I5: key {key} of {session} stood for {other} and now for {prompt}"
            )),
            _ => Ok(()),
        }
    }

    pub(crate) fn told_cancelled(&self, session: SessionId, prompt: PromptId) -> Held {
        let ended = self
            .get(session)
            .is_some_and(|truth| truth.deleted || truth.prompts.get(&prompt).is_some_and(|it| it.ended));
        if ended {
            Ok(())
        } else {
            Err(format!(
                "I6: {prompt} of {session} was called cancelled and is not in the log"
            ))
        }
    }

    pub(crate) fn told_answered(&self, session: SessionId, request: &str) -> Held {
        let pending = self.get(session).is_some_and(|truth| {
            truth.state.permissions.contains_key(request) || truth.state.questions.contains_key(request)
        });
        if pending {
            Err(format!(
                "I6: {request} of {session} was called answered and is still open in the log"
            ))
        } else {
            Ok(())
        }
    }

    /// A frame leaves for a runner.
    pub(crate) fn told_runner(&self, session: SessionId, generation: u64, frame: &ServerFrame) -> Held {
        let Some(truth) = self.get(session) else {
            return Err(format!("I6: {session} speaks and has no log"));
        };
        let durable = truth.advanced.get(&generation).copied().unwrap_or(0);
        match frame {
            ServerFrame::Welcome { acked: n } | ServerFrame::Ack { n } if *n > durable => Err(format!(
                "I1: report {n} of generation {generation} of {session} was acked, {durable} is durable"
            )),
            ServerFrame::Command { command_id, .. } if !truth.commands.contains(command_id) => Err(format!(
                "I6: command {command_id} left {session} before it was durable"
            )),
            _ => Ok(()),
        }
    }

    /// An event leaves for a reader.
    pub(crate) fn told_event(&self, session: SessionId, event: &Event) -> Held {
        let at = usize::try_from(event.seq).unwrap_or(0).checked_sub(1);
        let durable = at.and_then(|at| self.get(session)?.events.get(at));
        match durable {
            Some(durable) if **durable == *event => Ok(()),
            Some(_) => Err(format!(
                "I6: event {} of {session} is another one in the log",
                event.seq
            )),
            None => Err(format!(
                "I6: event {} ({}) of {session} was told before it was durable",
                event.seq,
                event.body.kind()
            )),
        }
    }

    pub(crate) fn told_head(&self, session: SessionId, head: u64) -> Held {
        if head <= self.head(session) || self.is_deleted(session) {
            Ok(())
        } else {
            Err(format!(
                "I6: {session} says it has {head} events, {} are durable",
                self.head(session)
            ))
        }
    }

    pub(crate) fn told_view(&self, session: SessionId, view: &View) -> Held {
        let durable = self.get(session).map_or(0, |truth| truth.state.position);
        if view.state.position > durable {
            return Err(format!(
                "I6: {session} is shown at {}, {durable} is durable",
                view.state.position
            ));
        }
        Ok(())
    }

    /// A reader has got an event. I7: its cursor range without hole and without double.
    pub(crate) fn read(session: SessionId, cursor: u64, seq: u64) -> Held {
        if seq == cursor + 1 {
            Ok(())
        } else {
            Err(format!(
                "I7: a reader of {session} got event {seq} after {cursor}"
            ))
        }
    }

    /// A sandbox is asked for: only after the commit that calls for it.
    pub(crate) fn starts(&self, spec: &SandboxSpec) -> Held {
        let known = self
            .get(spec.session_id)
            .and_then(|truth| truth.sandboxes.get(&spec.sandbox_id));
        if known == Some(&spec.generation) {
            Ok(())
        } else {
            Err(format!(
                "I6: {} (generation {}) of {} was started before that was durable",
                spec.sandbox_id, spec.generation, spec.session_id
            ))
        }
    }

    pub(crate) fn stops(&self, sandbox: SandboxId) -> Held {
        if self
            .sessions
            .values()
            .any(|truth| truth.sandboxes.contains_key(&sandbox))
        {
            Ok(())
        } else {
            Err(format!("I6: {sandbox} was stopped and no log knows it"))
        }
    }

    /// A run record leaves for the history: the very one that is owed.
    pub(crate) fn records(&self, run: &RunRecord) -> Held {
        match self.get(run.session_id).and_then(|truth| truth.runs.get(&run.id)) {
            Some(owed) if owed == run => Ok(()),
            Some(_) => Err(format!("I8: {} was written otherwise than it is owed", run.id)),
            None => Err(format!("I6: {} was written before it was owed", run.id)),
        }
    }

    /// The list may lag, and never leads.
    pub(crate) fn projects(&self, row: &SessionRow) -> Held {
        let durable = self.get(row.id).map_or(0, |truth| truth.state.position);
        if row.position <= durable {
            Ok(())
        } else {
            Err(format!(
                "I6: the list shows {} at {}, {durable} is durable",
                row.id, row.position
            ))
        }
    }
}
