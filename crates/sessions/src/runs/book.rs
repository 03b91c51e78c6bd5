//! Who owes what: the awake sessions with records that the history does not have yet.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use protocol::{RunId, SessionId, Timestamp, run::RunRecord};

use super::RunLag;

/// Records of one session in a batch, so that one that has many does not keep the others waiting.
const OF_ONE: usize = 64;
/// Records in a batch.
const BATCH: usize = 256;
/// A session that has not confirmed by then is told again: its commit may have failed.
const TELL_AGAIN: Duration = Duration::from_secs(10);
/// Pause before a record that the history refuses is tried again.
const PUT_OFF: Duration = Duration::from_secs(60);

type Outbox = Arc<Vec<Arc<RunRecord>>>;

/// Records of one session, in order.
#[derive(Debug, Clone)]
pub(super) struct Due {
    pub(super) session: SessionId,
    pub(super) runs: Vec<Arc<RunRecord>>,
}

#[derive(Debug, Default)]
struct Entry {
    outbox: Outbox,
    /// Written and told to the session, which has not committed that yet.
    told: BTreeMap<RunId, Timestamp>,
    ready: bool,
    /// Not tried before this time.
    not_before: Option<Timestamp>,
}

impl Entry {
    fn waiting(&self) -> impl Iterator<Item = &Arc<RunRecord>> {
        self.outbox.iter().filter(|run| !self.told.contains_key(&run.id))
    }
}

#[derive(Debug, Default)]
pub(super) struct Book {
    entries: BTreeMap<SessionId, Entry>,
    /// Those with something to write, first come first.
    ready: VecDeque<SessionId>,
    /// Being removed: nothing of theirs is written any more.
    shut_out: BTreeSet<SessionId>,
    /// The catalogue may know sessions that sleep and owe.
    sleepers: bool,
    pub(super) failing_since: Option<Timestamp>,
    written: u64,
}

impl Book {
    pub(super) fn note(&mut self, id: SessionId, outbox: &Outbox, now: Timestamp) {
        if self.shut_out.contains(&id) {
            return;
        }
        let entry = self.entries.entry(id).or_default();
        entry.outbox = Arc::clone(outbox);
        entry.told.retain(|run, told| {
            now.since(*told) < TELL_AGAIN && outbox.iter().any(|waiting| waiting.id == *run)
        });
        if !entry.ready && entry.waiting().next().is_some() {
            entry.ready = true;
            self.ready.push_back(id);
        }
    }

    pub(super) fn asleep(&mut self, id: SessionId, owing: bool) {
        self.sleepers |= owing;
        if self.entries.remove(&id).is_some_and(|entry| entry.ready) {
            self.ready.retain(|ready| *ready != id);
        }
    }

    pub(super) fn shut_out(&mut self, id: SessionId) {
        self.shut_out.insert(id);
        self.asleep(id, false);
    }

    pub(super) fn gone(&mut self, id: SessionId) {
        self.shut_out.remove(&id);
    }

    pub(super) fn look_for_sleepers(&mut self) {
        self.sleepers = true;
    }

    pub(super) fn no_sleepers(&mut self) {
        self.sleepers = false;
    }

    pub(super) fn may_have_sleepers(&self) -> bool {
        self.sleepers
    }

    /// The next batch. Its sessions stay in the book until [`Self::written`], and are not taken twice.
    pub(super) fn take(&mut self, now: Timestamp) -> Vec<Due> {
        let (mut batch, mut room) = (Vec::new(), BATCH);
        for _ in 0..self.ready.len() {
            let Some(id) = self.ready.pop_front() else { break };
            let Some(entry) = self.entries.get_mut(&id) else {
                continue;
            };
            if room == 0 || entry.not_before.is_some_and(|at| at > now) {
                self.ready.push_back(id);
                continue;
            }
            entry.ready = false;
            let runs: Vec<_> = entry.waiting().take(room.min(OF_ONE)).cloned().collect();
            if !runs.is_empty() {
                room -= runs.len();
                batch.push(Due { session: id, runs });
            }
        }
        batch
    }

    /// When a session that was put off may be tried again.
    pub(super) fn next_try(&self) -> Option<Timestamp> {
        let entries = self.ready.iter().filter_map(|id| self.entries.get(id));
        entries.map(|entry| entry.not_before.unwrap_or_default()).min()
    }

    /// Leaves out what has been removed meanwhile, even if that is over by now, and what has fallen asleep: the
    /// catalogue knows that those owe.
    pub(super) fn still_due(&self, batch: &mut Vec<Due>) {
        batch.retain(|due| self.entries.contains_key(&due.session));
    }

    /// The history has these: their sessions are to be told.
    pub(super) fn written(&mut self, batch: &[Due], now: Timestamp) {
        for due in batch {
            self.written += due.runs.len() as u64;
            let Some(entry) = self.entries.get_mut(&due.session) else {
                continue;
            };
            entry.not_before = None;
            entry.told.extend(due.runs.iter().map(|run| (run.id, now)));
            if entry.waiting().next().is_none() {
                // The records themselves are not held any longer than needed.
                entry.outbox = Outbox::default();
            } else if !entry.ready {
                entry.ready = true;
                self.ready.push_back(due.session);
            }
        }
    }

    /// The history refuses these, and not for want of an answer: others go first.
    pub(super) fn put_off(&mut self, due: &Due, now: Timestamp) {
        if let Some(entry) = self.entries.get_mut(&due.session) {
            entry.not_before = Some(now.after(PUT_OFF));
            if !entry.ready {
                entry.ready = true;
                self.ready.push_back(due.session);
            }
        }
    }

    pub(super) fn lag(&self) -> RunLag {
        let waiting = self.entries.values().flat_map(Entry::waiting);
        let (mut count, mut oldest) = (0, None::<Timestamp>);
        for run in waiting {
            count += 1;
            oldest = Some(oldest.map_or(run.ended_at, |oldest| oldest.min(run.ended_at)));
        }
        RunLag {
            waiting: count,
            oldest,
            failing_since: self.failing_since,
            written: self.written,
        }
    }
}
