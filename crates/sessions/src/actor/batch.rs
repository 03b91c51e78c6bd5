//! One commit: what waits in the mailbox is decided, each against the state as the ones before leave it.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use domain::session::{
    Advance, Command, Effect, Fact, Moment, PrivateFact, Refusal, Reply, State, advance, earliest,
};
use ports::{
    StoreError,
    idempotency::{IdempotencyEntry, Written},
    session_log::{Commit, LogEntry},
};
use protocol::Timestamp;

use super::{
    Actor,
    tell::{Pending, refuse},
};
use crate::{Answer, SessionError, slot::Envelope};

/// Envelopes decided into one commit.
const BATCH: usize = 256;
/// Facts after which the state is stored again, so that waking stays quick.
const SNAPSHOT_EVERY: u64 = 512;
/// Pause before an alarm rings again whose facts could not be committed.
const COMMIT_PAUSE: Duration = Duration::from_secs(5);

/// What becomes one commit. One time for all of it, so that replaying gives the very same state.
struct Batch {
    now: Timestamp,
    /// Random bits for all of its decisions.
    seed: [u8; 32],
    decided: u32,
    facts: Vec<Fact>,
    /// Where among `facts` it is said how far a runner's reports have come.
    advanced: Option<usize>,
    effects: Vec<Effect>,
    pending: Vec<Pending>,
    idempotency: Vec<IdempotencyEntry>,
    gone: bool,
}

impl Batch {
    /// Facts go in as they are, but how far a runner's reports have come is said once for each commit: the last of
    /// them says it all.
    fn take_facts(&mut self, facts: Vec<Fact>, next: &mut State) {
        for fact in facts {
            if let Fact::Private(PrivateFact::RunnerAdvanced { generation, .. }) = &fact {
                let of_same = |at: &usize| {
                    matches!(
                        &self.facts[*at],
                        Fact::Private(PrivateFact::RunnerAdvanced { generation: known, .. }) if known == generation
                    )
                };
                if let Some(at) = self.advanced.filter(of_same) {
                    self.facts[at] = fact;
                    // The state counts the facts it was given; one fewer is stored.
                    next.position -= 1;
                    continue;
                }
                self.advanced = Some(self.facts.len());
            }
            self.facts.push(fact);
        }
    }
}

impl Actor {
    /// Takes an envelope and whatever else waits, as one commit. `Err`: the owner must go; storage is not with
    /// it any more.
    pub(super) async fn take(&mut self, first: Envelope) -> Result<(), ()> {
        let mut batch = Batch {
            // Time never runs backwards within a session, whatever the clock does.
            now: self.sessions.now().max(self.state.updated_at),
            seed: [0; 32],
            decided: 0,
            facts: Vec::new(),
            advanced: None,
            effects: Vec::new(),
            pending: Vec::new(),
            idempotency: Vec::new(),
            gone: false,
        };
        self.sessions.0.ports.entropy.fill(&mut batch.seed);
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
            Envelope::Runner { command, room } => {
                let result = self.step(*command, next, batch);
                batch.pending.push(Pending::Runner(result, room));
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
            Envelope::SendOwed => batch.effects.push(Effect::SendOwed),
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
        let moment = Moment::nth(batch.now, batch.seed, batch.decided);
        batch.decided += 1;
        let Advance {
            facts,
            effects,
            reply,
        } = advance(next, command, moment, &self.sessions.0.settings.policy)?;
        batch.take_facts(facts, next);
        batch.gone |= effects.contains(&Effect::Purge);
        for effect in effects {
            if !batch.effects.contains(&effect) {
                batch.effects.push(effect);
            }
        }
        Ok(reply)
    }

    async fn conclude(&mut self, mut next: State, batch: Batch) -> Result<(), ()> {
        #[cfg(feature = "planted")]
        self.let_slip(&next, batch.now, &batch.facts, &batch.effects);
        let committed = if batch.facts.is_empty() && batch.idempotency.is_empty() {
            Ok(Vec::new())
        } else {
            self.commit(&mut next, &batch).await
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
            // Fenced: the log is another's. Unknown or invalid: it is not what this owner takes it for.
            Err(error) => {
                tracing::warn!(session.id = %self.id, %error, "the owner leaves: its log is not certain any more");
                refuse(batch.pending, &error);
                Err(())
            }
        }
    }

    async fn commit(&mut self, next: &mut State, batch: &Batch) -> Result<Vec<LogEntry>, StoreError> {
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
                .map_err(|error| StoreError::Invalid(error.to_string()))?;
            entries.push(LogEntry {
                position,
                seq: fact.is_public().then_some(seq),
                at: batch.now,
                prompt_id: fact.prompt_id(),
                kind: fact.kind().to_owned(),
                body: body.into(),
            });
        }
        let stored: u64 = entries.iter().map(|entry| entry.body.len() as u64).sum();
        next.log_bytes = next.log_bytes.saturating_add(stored);
        let snapshot = if position >= self.snapshot_at + SNAPSHOT_EVERY {
            Some(serde_json::to_vec(&*next).map_err(|error| StoreError::Invalid(error.to_string()))?)
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
        let ports = &self.sessions.0.ports;
        if !self.slot.marked.load(Ordering::Relaxed) {
            // The mark comes first: from here on a crash leaves a session that is looked after at the next start.
            ports.catalog.mark_awake(self.id).await?;
            self.slot.marked.store(true, Ordering::Relaxed);
        }
        ports
            .session_log
            .append(self.id, self.epoch, self.state.position, commit)
            .await?;
        if took_snapshot {
            self.snapshot_at = position;
        }
        Ok(entries)
    }
}
