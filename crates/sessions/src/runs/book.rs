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
    /// Removed since the last batch was taken, which may still have something of theirs.
    gone: BTreeSet<SessionId>,
    /// The catalogue may know sessions that sleep and owe.
    sleepers: bool,
    pub(super) failing_since: Option<Timestamp>,
    written: u64,
}

impl Book {
    pub(super) fn note(&mut self, id: SessionId, outbox: &Outbox, now: Timestamp) {
        if self.shut_out.contains(&id) || self.gone.contains(&id) {
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
        self.gone.insert(id);
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
        self.gone.clear();
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

    /// Leaves out what has been removed since the batch was taken, even if that is over by now. Who has fallen asleep
    /// stays: it owes all the same, and the batch in hand is what tells that the history is back.
    pub(super) fn still_due(&self, batch: &mut Vec<Due>) {
        batch.retain(|due| !self.shut_out.contains(&due.session) && !self.gone.contains(&due.session));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_ms(0).after(Duration::from_secs(seconds))
    }

    fn outbox(session: u64, runs: u64) -> Outbox {
        let run = |n| {
            let id = SessionId::from_bits(u128::from(session));
            let run = testkit::sample::run(n, testkit::sample::org_id(1), id);
            Arc::new(RunRecord {
                id: RunId::from_bits(u128::from(session * 100_000 + n)),
                ..run
            })
        };
        Arc::new((1..=runs).map(run).collect())
    }

    fn ids(batch: &[Due]) -> Vec<u128> {
        batch
            .iter()
            .flat_map(|due| due.runs.iter().map(|run| run.id.bits() % 100_000))
            .collect()
    }

    #[test]
    fn batches_are_bounded_and_fair_and_in_order() {
        let mut book = Book::default();
        for session in 1..=6 {
            book.note(SessionId::from_bits(session.into()), &outbox(session, 100), at(0));
        }
        let (mut seen, mut batches) = (BTreeMap::<_, Vec<_>>::new(), 0);
        loop {
            let batch = book.take(at(0));
            if batch.is_empty() {
                break;
            }
            let size: usize = batch.iter().map(|due| due.runs.len()).sum();
            assert!(size <= BATCH && batch.iter().all(|due| due.runs.len() <= OF_ONE));
            assert!(
                batches > 0 || batch.len() == 4,
                "several sessions share the first"
            );
            for due in &batch {
                seen.entry(due.session)
                    .or_default()
                    .extend(due.runs.iter().map(|run| run.id.bits() % 100_000));
            }
            book.written(&batch, at(0));
            batches += 1;
        }
        assert_eq!(seen.len(), 6);
        assert!(seen.values().all(|ids| ids.iter().copied().eq(1..=100)));
        assert_eq!((book.lag().waiting, book.lag().written), (0, 600));
    }

    #[test]
    fn what_was_told_is_not_written_again_until_it_seems_lost() {
        let mut book = Book::default();
        let id = SessionId::from_bits(1);
        book.note(id, &outbox(1, 2), at(0));
        let batch = book.take(at(0));
        assert_eq!(ids(&batch), [1, 2]);
        assert!(book.take(at(0)).is_empty(), "it is being written");
        book.written(&batch, at(0));
        book.note(id, &outbox(1, 3), at(1));
        let batch = book.take(at(1));
        assert_eq!(ids(&batch), [3]);
        book.written(&batch, at(1));
        book.note(id, &outbox(1, 3), at(30));
        assert_eq!(ids(&book.take(at(30))), [1, 2, 3]);
    }

    #[test]
    fn who_sleeps_or_is_removed_is_no_business_of_the_book() {
        let mut book = Book::default();
        let (one, two) = (SessionId::from_bits(1), SessionId::from_bits(2));
        book.note(one, &outbox(1, 1), at(0));
        book.note(two, &outbox(2, 1), at(0));
        let mut batch = book.take(at(0));
        book.shut_out(one);
        book.asleep(two, true);
        book.note(one, &outbox(1, 1), at(0));
        book.still_due(&mut batch);
        assert_eq!(batch.len(), 1);
        assert!(book.may_have_sleepers());
        assert_eq!(book.lag().waiting, 0);
        book.gone(one);
        batch.push(Due {
            session: one,
            runs: outbox(1, 1).to_vec(),
        });
        book.still_due(&mut batch);
        assert_eq!(batch.len(), 1, "not even when the removal is over");
        assert_eq!(batch[0].session, two, "a sleeper owes all the same");
    }

    #[test]
    fn what_was_put_off_is_not_tried_before_its_time() {
        let mut book = Book::default();
        book.note(SessionId::from_bits(1), &outbox(1, 1), at(0));
        let batch = book.take(at(0));
        book.put_off(&batch[0], at(0));
        assert!(book.take(at(59)).is_empty());
        assert_eq!(book.next_try(), Some(at(60)));
        assert_eq!(book.take(at(60)).len(), 1);
    }
}
