//! The actor: the one owner of a session while it is awake.
//!
//! Loop: take what is in the mailbox, decide each against the state as the ones before leave it, commit all of
//! it at once, and only then reply, publish and run effects.

use std::{sync::Arc, time::Duration};

use domain::session::{
    Alarm, Command, Decision, Effect, Fact, Moment, Refusal, Reply, State, decide, earliest, status, why,
};
use ports::{
    StoreError,
    idempotency::{IdempotencyEntry, Written},
    session_log::{Acquired, Commit, LogEntry},
};
use protocol::{SessionId, Timestamp, runner::ServerFrame};
use tokio::sync::{mpsc, oneshot};

use crate::{
    Answer, SessionError, Sessions, View,
    effects::Workshop,
    host::to_event,
    hub::Live,
    link::LinkSender,
    slot::{Envelope, Slot},
};

/// Envelopes that may wait; senders wait beyond it.
const MAILBOX: usize = 256;
/// Envelopes decided into one commit.
const BATCH: usize = 64;
/// Facts after which the state is stored again, so that waking stays quick.
const SNAPSHOT_EVERY: u64 = 256;
/// Pause before an alarm that changed nothing rings again.
const ALARM_PAUSE: Duration = Duration::from_secs(1);
/// Pause before an alarm rings again whose facts could not be committed.
const COMMIT_PAUSE: Duration = Duration::from_secs(5);

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
}

/// What is to be told once the commit is durable.
enum Pending {
    Ask(
        oneshot::Sender<Result<Answer, SessionError>>,
        Result<Answer, SessionError>,
    ),
    Runner(Result<Reply, Refusal>),
    Hello(
        LinkSender,
        oneshot::Sender<Result<Reply, SessionError>>,
        Result<Reply, Refusal>,
    ),
    View(oneshot::Sender<Result<View, SessionError>>),
}

/// What becomes one commit. One time for all of it, so that replaying gives the very same state.
struct Batch {
    now: Timestamp,
    facts: Vec<Fact>,
    effects: Vec<Effect>,
    pending: Vec<Pending>,
    idempotency: Vec<IdempotencyEntry>,
    gone: bool,
}

impl Actor {
    /// Takes the session over and starts its task. The caller holds the slot's mailbox lock.
    pub(crate) async fn wake(
        sessions: &Sessions,
        id: SessionId,
        slot: &Arc<Slot>,
    ) -> Result<mpsc::Sender<Envelope>, SessionError> {
        let ports = &sessions.0.ports;
        // The mark comes first: from here on a crash leaves a session that is looked after at the next start.
        ports.catalog.mark_awake(id).await?;
        let acquired = match ports.session_log.acquire(id).await {
            Ok(Some(acquired)) => acquired,
            Ok(None) => {
                ports.catalog.mark_asleep(id, None).await?;
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
        };
        if actor.state.profile.is_some() {
            // Effects that the last owner left undone are named again before anything else is taken.
            let _ = sender.try_send(Envelope::Outcome {
                command: Box::new(Command::Recover),
            });
        }
        sessions.0.tasks.spawn(actor.run());
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
                    let command = Box::new(Command::AlarmDue { link_seen });
                    if self.take(Envelope::Outcome { command }).await.is_err() {
                        return self.abandon().await;
                    }
                    self.not_before(ALARM_PAUSE);
                }
                // What is in flight now may be done by then, so the question is asked at the end.
                () = tokio::time::sleep(sleep_after) => {
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

    fn may_sleep(&self) -> bool {
        self.state.turn.is_none()
            && self.state.queue.is_empty()
            && self.state.gate.is_none()
            && self.state.outbox.is_empty()
            && self.workshop.is_quiet()
            && self
                .state
                .sandbox
                .as_ref()
                .is_none_or(|sandbox| sandbox.phase == domain::session::Phase::Ready)
    }

    /// Takes an envelope and whatever else waits, as one commit. `Err`: the owner must go; storage is not with
    /// it any more.
    async fn take(&mut self, first: Envelope) -> Result<(), ()> {
        let mut batch = Batch {
            // Time never runs backwards within a session, whatever the clock does.
            now: self.sessions.now().max(self.state.updated_at),
            facts: Vec::new(),
            effects: Vec::new(),
            pending: Vec::new(),
            idempotency: Vec::new(),
            gone: false,
        };
        let mut next = State::clone(&self.state);
        let mut envelope = Some(first);
        let mut taken = 0;
        while let Some(current) = envelope.take() {
            self.consider(current, &mut next, &mut batch).await;
            taken += 1;
            if taken < BATCH && !batch.gone {
                envelope = self.inbox.try_recv().ok();
            }
        }
        self.conclude(next, batch).await
    }

    async fn consider(&self, envelope: Envelope, next: &mut State, batch: &mut Batch) {
        match envelope {
            Envelope::Ask {
                command,
                idempotency,
                reply,
            } => {
                let answer = self.ask(*command, idempotency, next, batch).await;
                batch.pending.push(Pending::Ask(reply, answer));
            }
            Envelope::Runner { command } => {
                let result = self.step(*command, next, batch);
                batch.pending.push(Pending::Runner(result));
            }
            Envelope::Hello { command, link, reply } => {
                let result = self.step(*command, next, batch);
                batch.pending.push(Pending::Hello(link, reply, result));
            }
            Envelope::Outcome { command } => {
                if let Err(refusal) = self.step(*command, next, batch) {
                    tracing::debug!(session.id = %self.id, %refusal, "an outcome came too late");
                }
            }
            Envelope::View { reply } => batch.pending.push(Pending::View(reply)),
        }
    }

    async fn ask(
        &self,
        command: Command,
        idempotency: Option<IdempotencyEntry>,
        next: &mut State,
        batch: &mut Batch,
    ) -> Result<Answer, SessionError> {
        let Some(mut entry) = idempotency else {
            return Ok(Answer::Done(self.step(command, next, batch)?));
        };
        let log = &self.sessions.0.ports.session_log;
        let in_batch = batch
            .idempotency
            .iter()
            .find(|known| known.scope == entry.scope && known.key == entry.key);
        let known = match in_batch {
            Some(known) if known.fingerprint == entry.fingerprint => Written::Replayed(known.reply.clone()),
            Some(_) => Written::Conflict,
            None => {
                log.recall(self.id, &entry.scope, &entry.key, &entry.fingerprint, entry.at)
                    .await?
            }
        };
        match known {
            Written::Replayed(reply) => {
                let reply = serde_json::from_str(&reply)
                    .map_err(|error| SessionError::Store(StoreError::Corrupt(error.to_string())))?;
                Ok(Answer::Replayed(reply))
            }
            Written::Conflict => Err(SessionError::IdempotencyConflict),
            Written::Done | Written::Refused => {
                let reply = self.step(command, next, batch)?;
                entry.reply = serde_json::to_string(&reply)
                    .map_err(|error| SessionError::Store(StoreError::Corrupt(error.to_string())))?;
                batch.idempotency.push(entry);
                Ok(Answer::Done(reply))
            }
        }
    }

    fn step(&self, command: Command, next: &mut State, batch: &mut Batch) -> Result<Reply, Refusal> {
        let mut seed = [0; 32];
        self.sessions.0.ports.entropy.fill(&mut seed);
        let moment = Moment::new(batch.now, seed);
        let Decision {
            facts,
            effects,
            next: state,
            reply,
            ..
        } = decide(next, command, moment, &self.sessions.0.settings.policy)?;
        *next = state;
        batch.facts.extend(facts);
        batch.gone |= effects.contains(&Effect::Purge);
        for effect in effects {
            if !batch.effects.contains(&effect) {
                batch.effects.push(effect);
            }
        }
        Ok(reply)
    }

    async fn conclude(&mut self, next: State, batch: Batch) -> Result<(), ()> {
        let committed = if batch.facts.is_empty() && batch.idempotency.is_empty() {
            Ok(Vec::new())
        } else {
            self.commit(&next, &batch).await
        };
        match committed {
            Ok(entries) => {
                self.state = Arc::new(next);
                self.alarm = earliest(&self.state, &self.sessions.0.settings.policy);
                self.tell(batch.pending, &entries);
                self.project();
                for effect in batch.effects {
                    self.workshop.run(effect, &self.state, &self.slot);
                }
                Ok(())
            }
            // Nothing was kept and the state is the old one: the next command may fare better.
            Err(error @ (StoreError::Full | StoreError::Unavailable(_))) => {
                tracing::error!(session.id = %self.id, %error, "a commit failed");
                refuse(batch.pending, &error);
                self.not_before(COMMIT_PAUSE);
                Ok(())
            }
            Err(error) => {
                tracing::warn!(session.id = %self.id, %error, "the owner leaves: its log is not certain any more");
                refuse(batch.pending, &error);
                Err(())
            }
        }
    }

    async fn commit(&mut self, next: &State, batch: &Batch) -> Result<Vec<LogEntry>, StoreError> {
        let mut position = self.state.position;
        let mut seq = self.state.head;
        let mut entries = Vec::with_capacity(batch.facts.len());
        for fact in &batch.facts {
            position += 1;
            if fact.is_public() {
                seq += 1;
            }
            let body = fact
                .body()
                .map_err(|error| StoreError::Corrupt(error.to_string()))?;
            entries.push(LogEntry {
                position,
                seq: fact.is_public().then_some(seq),
                at: batch.now,
                prompt_id: fact.prompt_id(),
                kind: fact.kind().to_owned(),
                body: body.into(),
            });
        }
        let snapshot = if position >= self.snapshot_at + SNAPSHOT_EVERY {
            Some(serde_json::to_vec(next).map_err(|error| StoreError::Corrupt(error.to_string()))?)
        } else {
            None
        };
        let took_snapshot = snapshot.is_some();
        let alarm = earliest(next, &self.sessions.0.settings.policy).map(|(at, _)| at);
        let commit = Commit {
            entries: entries.clone(),
            snapshot,
            alarm,
            idempotency: batch.idempotency.clone(),
        };
        self.sessions
            .0
            .ports
            .session_log
            .append(self.id, self.epoch, self.state.position, commit)
            .await?;
        if took_snapshot {
            self.snapshot_at = position;
        }
        Ok(entries)
    }

    /// The output gate opens: everything below is durable.
    fn tell(&self, pending: Vec<Pending>, entries: &[LogEntry]) {
        for entry in entries.iter().filter(|entry| entry.seq.is_some()) {
            match to_event(entry) {
                Ok(event) => self.slot.hub.publish(Live::Event(event)),
                Err(error) => tracing::error!(session.id = %self.id, %error, "an event cannot be published"),
            }
        }
        let mut acked = None;
        for pending in pending {
            match pending {
                Pending::Ask(reply, answer) => drop(reply.send(answer)),
                Pending::View(reply) => drop(reply.send(self.view())),
                Pending::Runner(Ok(Reply::Acked { n })) => acked = acked.max(Some(n)),
                Pending::Runner(Ok(_)) => {}
                Pending::Runner(Err(refusal @ Refusal::Fenced { generation })) => {
                    // A newer generation's connection is not meant.
                    if let Some(link) = self.slot.hub.link().filter(|link| link.generation == generation) {
                        link.send(ServerFrame::Fenced {
                            reason: refusal.to_string(),
                        });
                        self.slot.hub.set_link(None);
                    }
                }
                // A gap is closed by the runner's own re-sending.
                Pending::Runner(Err(refusal)) => {
                    tracing::debug!(session.id = %self.id, %refusal, "report refused")
                }
                Pending::Hello(link, reply, result) => self.welcome(link, reply, result),
            }
        }
        if let (Some(n), Some(link)) = (acked, self.slot.hub.link()) {
            link.send(ServerFrame::Ack { n });
        }
    }

    fn welcome(
        &self,
        link: LinkSender,
        reply: oneshot::Sender<Result<Reply, SessionError>>,
        result: Result<Reply, Refusal>,
    ) {
        if let Ok(Reply::Welcome { acked }) = &result {
            link.send(ServerFrame::Welcome { acked: *acked });
            // The one before, if any, ends by losing its sender.
            self.slot.hub.set_link(Some(link));
        }
        drop(reply.send(result.map_err(SessionError::from)));
    }

    fn view(&self) -> Result<View, SessionError> {
        if self.state.profile.is_none() {
            // Reserved and begun, never made.
            return Err(SessionError::NotFound);
        }
        Ok(View {
            state: Arc::clone(&self.state),
            status: status(&self.state),
            why: why(&self.state, &self.sessions.0.settings.policy),
        })
    }

    /// Brings the list row up to date when something that a list shows has changed.
    fn project(&mut self) {
        let Some(row) = crate::effects::row(&self.state) else {
            return;
        };
        let same = self.projected.as_ref().is_some_and(|old| {
            old.status == row.status
                && old.title == row.title
                && old.cost_micro_usd == row.cost_micro_usd
                && old.tokens == row.tokens
        });
        if same {
            return;
        }
        self.projected = Some(row.clone());
        self.workshop.project(row);
    }

    /// Leaves memory if nothing arrived meanwhile. False: stay.
    async fn fall_asleep(&mut self) -> bool {
        let slot = Arc::clone(&self.slot);
        let mut mailbox = slot.mailbox.lock().await;
        if !self.inbox.is_empty() || !self.workshop.is_quiet() {
            return false;
        }
        self.store_state().await;
        self.inbox.close();
        *mailbox = None;
        self.repost();
        let catalog = &self.sessions.0.ports.catalog;
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
        if let Err(error) = catalog.mark_asleep(self.id, self.alarm.map(|(at, _)| at)).await {
            // It stays marked awake: looked after at the next start, nothing is lost.
            tracing::warn!(session.id = %self.id, %error, "the session could not be marked asleep");
        }
        self.sessions.0.alarm_changed.notify_one();
        true
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
            alarm: self.alarm.map(|(at, _)| at),
            idempotency: Vec::new(),
        };
        let log = &self.sessions.0.ports.session_log;
        match log.append(self.id, self.epoch, self.state.position, commit).await {
            Ok(()) => self.snapshot_at = self.state.position,
            Err(error) => tracing::debug!(session.id = %self.id, %error, "no snapshot was stored"),
        }
    }

    /// The server stops: what waits hears that; the session stays marked awake.
    async fn leave(mut self) {
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
    async fn abandon(self) {
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

async fn wait(span: Option<Duration>) {
    match span {
        Some(span) => tokio::time::sleep(span).await,
        None => std::future::pending().await,
    }
}

fn refuse(pending: Vec<Pending>, error: &StoreError) {
    let copy = || {
        SessionError::Store(match error {
            StoreError::Full => StoreError::Full,
            StoreError::Fenced => StoreError::Fenced,
            other => StoreError::Unavailable(other.to_string()),
        })
    };
    for pending in pending {
        match pending {
            Pending::Ask(reply, _) => drop(reply.send(Err(copy()))),
            Pending::Hello(_, reply, _) => drop(reply.send(Err(copy()))),
            Pending::View(reply) => drop(reply.send(Err(copy()))),
            // Not acked: the runner sends it again.
            Pending::Runner(_) => {}
        }
    }
}

fn fold(acquired: &Acquired) -> Result<(State, u64), SessionError> {
    let corrupt = |message: String| SessionError::Store(StoreError::Corrupt(message));
    let (snapshot_at, mut state) = match &acquired.snapshot {
        Some((at, bytes)) => {
            let state: State = serde_json::from_slice(bytes).map_err(|error| corrupt(error.to_string()))?;
            (*at, state)
        }
        None => (0, State::default()),
    };
    for entry in &acquired.entries {
        let fact = Fact::from_stored(
            entry.position,
            entry.seq.is_some(),
            entry.prompt_id,
            &entry.kind,
            &entry.body,
        )
        .map_err(|error| corrupt(error.to_string()))?;
        state.apply(entry.at, &fact);
    }
    if state.position != acquired.position || state.head != acquired.head {
        return Err(corrupt(format!(
            "the facts end at {}/{}, the log at {}/{}",
            state.position, state.head, acquired.position, acquired.head
        )));
    }
    Ok((state, snapshot_at))
}
