//! Sleep, and other ways in which an owner ends.

use std::sync::{Arc, atomic::Ordering};

use domain::session::earliest;
use ports::{catalog::OwedRuns, session_log::Commit};

use super::Actor;

impl Actor {
    pub(super) fn may_sleep(&self) -> bool {
        self.state.turn.is_none()
            && self.state.queue.is_empty()
            && self.state.gate.is_none()
            && self.workshop.is_quiet()
            && self
                .state
                .sandbox
                .as_ref()
                .is_none_or(|sandbox| sandbox.phase == domain::session::Phase::Ready)
    }

    /// Leaves memory if nothing arrived meanwhile. False: stay.
    pub(super) async fn fall_asleep(&mut self) -> bool {
        let slot = Arc::clone(&self.slot);
        let mut mailbox = slot.mailbox.lock().await;
        if !self.inbox.is_empty() || !self.workshop.is_quiet() {
            return false;
        }
        let owing = !self.state.outbox.is_empty();
        if owing && !self.note_owing().await {
            return false;
        }
        self.store_state().await;
        if !self.mark_asleep().await {
            return false;
        }
        self.inbox.close();
        *mailbox = None;
        slot.hub.forget();
        self.repost();
        if let Err(error) = self
            .sessions
            .0
            .ports
            .session_log
            .release(self.id, self.epoch)
            .await
        {
            tracing::warn!(session.id = %self.id, %error, "the log could not be released");
        }
        self.sessions.0.runs.asleep(self.id, owing);
        self.sessions.0.alarm_changed.notify_one();
        true
    }

    /// The catalogue has the session as asleep, with its next alarm. False: it does not, or nobody knows; an owner that
    /// left now would leave an alarm behind that nobody looks after.
    async fn mark_asleep(&mut self) -> bool {
        // Taken back first: whatever becomes of the write, the next commit marks the session awake again.
        self.half_asleep |= self.slot.marked.swap(false, Ordering::Relaxed);
        if !self.half_asleep {
            return true;
        }
        let alarm = self.alarm.map(|(at, _)| at);
        match self.sessions.0.ports.catalog.mark_asleep(self.id, alarm).await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(session.id = %self.id, %error, "the session could not be marked asleep: it stays awake");
                false
            }
        }
    }

    /// Run records wait because the history takes none. The catalogue keeps that in mind, so that the session need
    /// not stay awake for it. False: it does not.
    async fn note_owing(&self) -> bool {
        let owed = OwedRuns {
            runs: self.state.outbox.len() as u64,
            oldest: self.state.outbox.first().map(|run| run.ended_at),
        };
        let noted = self.sessions.0.ports.catalog.mark_owing(self.id, owed).await;
        if let Err(error) = &noted {
            tracing::warn!(session.id = %self.id, %error, "what the session owes could not be noted: it stays awake");
        }
        noted.is_ok()
    }

    /// What slipped in while falling asleep goes to the next owner.
    fn repost(&mut self) {
        while let Ok(envelope) = self.inbox.try_recv() {
            let (sessions, id) = (self.sessions.clone(), self.id);
            self.sessions.0.tasks.spawn(async move {
                if let Err(error) = sessions.post(id, envelope).await {
                    tracing::debug!(session.id = %id, %error, "a command found no owner");
                }
            });
        }
    }

    /// Stores the whole state, so that the next owner reads one row instead of many.
    async fn store_state(&mut self) {
        if self.snapshot_at == self.state.position {
            return;
        }
        let Ok(snapshot) = serde_json::to_vec(&*self.state) else {
            return;
        };
        let commit = Commit {
            entries: Vec::new(),
            snapshot: Some(snapshot),
            // Not `self.alarm`, which may have been put off for a while.
            alarm: earliest(&self.state, &self.sessions.0.settings.policy).map(|(at, _)| at),
            idempotency: Vec::new(),
        };
        let log = &self.sessions.0.ports.session_log;
        match log.append(self.id, self.epoch, self.state.position, commit).await {
            Ok(()) => self.snapshot_at = self.state.position,
            Err(error) => tracing::debug!(session.id = %self.id, %error, "no snapshot was stored"),
        }
    }

    /// The server stops: what waits hears that; the session stays marked awake.
    pub(super) async fn leave(mut self) {
        self.store_state().await;
        let slot = Arc::clone(&self.slot);
        let mut mailbox = slot.mailbox.lock().await;
        *mailbox = None;
        let _ = self
            .sessions
            .0
            .ports
            .session_log
            .release(self.id, self.epoch)
            .await;
    }

    /// The log is not ours any more, or not certain: the next command wakes a new owner that reads it again.
    pub(super) async fn abandon(self) {
        let slot = Arc::clone(&self.slot);
        let mut mailbox = slot.mailbox.lock().await;
        *mailbox = None;
        let _ = self
            .sessions
            .0
            .ports
            .session_log
            .release(self.id, self.epoch)
            .await;
    }
}
