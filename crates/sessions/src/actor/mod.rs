//! The actor: the one owner of a session while it is awake.
//!
//! Loop: take what is in the mailbox, decide each against the state as the ones before leave it, commit all of
//! it at once, and only then reply, publish and run effects.

mod batch;
mod fold;
#[cfg(feature = "planted")]
mod planted;
mod rest;
mod tell;

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use domain::session::{Alarm, Command, State, earliest};
use ports::lane;
use protocol::{SessionId, Timestamp};
use tokio::sync::mpsc;

use crate::{
    SessionError, Sessions,
    effects::Workshop,
    slot::{Envelope, Slot},
};
pub(crate) use fold::fold;

/// Envelopes that may wait; senders wait beyond it.
const MAILBOX: usize = 256;
/// Pause before an alarm that changed nothing rings again.
const ALARM_PAUSE: Duration = Duration::from_secs(1);

pub(crate) struct Actor {
    sessions: Sessions,
    id: SessionId,
    slot: Arc<Slot>,
    epoch: u64,
    state: Arc<State>,
    /// Position the stored snapshot reflects.
    snapshot_at: u64,
    alarm: Option<(Timestamp, Alarm)>,
    inbox: mpsc::Receiver<Envelope>,
    workshop: Workshop,
    projected: Option<ports::catalog::SessionRow>,
    /// Tried to fall asleep, and the catalogue may know of it or not.
    half_asleep: bool,
}

impl Actor {
    /// Takes the session over and starts its task. The caller holds the slot's mailbox lock.
    pub(crate) async fn wake(
        sessions: &Sessions,
        id: SessionId,
        slot: &Arc<Slot>,
    ) -> Result<mpsc::Sender<Envelope>, SessionError> {
        let ports = &sessions.0.ports;
        let acquired = match ports.session_log.acquire(id).await {
            Ok(Some(acquired)) => acquired,
            Ok(None) => {
                if slot.marked.swap(false, Ordering::Relaxed) {
                    ports.catalog.mark_asleep(id, None).await?;
                }
                return Err(SessionError::NotFound);
            }
            Err(error) => return Err(error.into()),
        };
        let (state, snapshot_at) = fold(&acquired)?;
        let (sender, inbox) = mpsc::channel(MAILBOX);
        let alarm = earliest(&state, &sessions.0.settings.policy);
        let actor = Self {
            sessions: sessions.clone(),
            id,
            slot: Arc::clone(slot),
            epoch: acquired.epoch,
            state: Arc::new(state),
            snapshot_at,
            alarm,
            inbox,
            workshop: Workshop::new(sessions, id, sender.clone()),
            projected: None,
            half_asleep: false,
        };
        if actor.state.profile.is_some() {
            // Effects that the last owner left undone are named again before anything else is taken.
            let _ = sender.try_send(Envelope::Outcome {
                command: Box::new(Command::Recover),
            });
        }
        // Of a session that is only just being made, whoever makes it is known.
        let org = actor.state.profile.as_ref().map(|profile| profile.org);
        let whose = org.or_else(lane::current);
        sessions.0.tasks.spawn(lane::within(whose, actor.run()));
        Ok(sender)
    }

    async fn run(mut self) {
        let stopping = self.sessions.0.stopping.clone();
        loop {
            let due = self.until_alarm();
            let sleep_after = self.sessions.0.settings.sleep_after;
            tokio::select! {
                biased;
                () = stopping.cancelled() => break,
                envelope = self.inbox.recv() => {
                    let Some(envelope) = envelope else { break };
                    if self.take(envelope).await.is_err() {
                        return self.abandon().await;
                    }
                }
                () = wait(due) => {
                    let link_seen = self.slot.hub.heard();
                    let preview_seen = self.slot.hub.previewed();
                    let command = Box::new(Command::AlarmDue { link_seen, preview_seen });
                    if self.take(Envelope::Outcome { command }).await.is_err() {
                        return self.abandon().await;
                    }
                    self.not_before(ALARM_PAUSE);
                }
                // What is in flight now may be done by then, so the question is asked at the end.
                () = tokio::time::sleep(sleep_after) => {
                    // A list row that could not be written is tried again before anybody goes.
                    self.project();
                    if self.may_sleep() && self.fall_asleep().await {
                        return;
                    }
                }
            }
        }
        self.leave().await;
    }

    /// Timers are tokio's; the clock decides only how far away the alarm is.
    fn until_alarm(&self) -> Option<Duration> {
        let (at, _) = self.alarm?;
        Some(at.since(self.sessions.now()))
    }

    /// An alarm that is still due after it has rung must not ring in a tight loop.
    fn not_before(&mut self, pause: Duration) {
        let now = self.sessions.now();
        self.alarm = self
            .alarm
            .map(|(at, alarm)| (if at <= now { now.after(pause) } else { at }, alarm));
    }
}

async fn wait(span: Option<Duration>) {
    match span {
        Some(span) => tokio::time::sleep(span).await,
        None => std::future::pending().await,
    }
}
