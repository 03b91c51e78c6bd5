//! What waits to be told, bounded: a feed that does not answer for a while costs steps in between, never memory
//! without end and never the last word.

use std::{
    any::Any,
    collections::{BTreeMap, VecDeque},
};

use ports::{StoreError, catalog::SessionRow, event_bus::Publication};
use protocol::SessionId;
use tokio::sync::oneshot;

/// Rows that wait in full. Beyond it only the latest row of each session does, and there are as many sessions as are
/// awake.
const ROWS: usize = 4096;
/// Callers that may wait for what they publish.
const CALLERS: usize = 1024;
/// Taken into one transaction.
const TOGETHER: usize = 512;

/// Something to tell.
pub(super) enum Item {
    Row {
        row: Box<SessionRow>,
        _held: Box<dyn Any + Send + Sync>,
    },
    Once {
        publications: Vec<Publication>,
        done: oneshot::Sender<Result<(), StoreError>>,
    },
}

#[derive(Default)]
pub(super) struct Queue {
    items: VecDeque<Item>,
    rows: usize,
    /// Newer than everything in `items` of the same session.
    latest: BTreeMap<SessionId, Item>,
    /// Somebody is at it, and looks again before leaving.
    writing: bool,
}

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.items.len() + self.latest.len()
    }

    /// Whether it was taken, and whether a writer has to be started.
    pub(super) fn leave(&mut self, item: Item) -> (bool, bool) {
        match &item {
            Item::Row { row, .. } => {
                if self.rows >= ROWS || !self.latest.is_empty() {
                    self.latest.insert(row.id, item);
                } else {
                    self.rows += 1;
                    self.items.push_back(item);
                }
            }
            // Behind the rows that came before it.
            Item::Once { .. } => {
                if self.items.len() - self.rows >= CALLERS {
                    return (false, false);
                }
                if !self.latest.is_empty() {
                    self.rows += self.latest.len();
                    self.items.extend(std::mem::take(&mut self.latest).into_values());
                }
                self.items.push_back(item);
            }
        }
        (true, !std::mem::replace(&mut self.writing, true))
    }

    /// The next to be told together. Empty: the writer is done.
    pub(super) fn take(&mut self) -> Vec<Item> {
        if self.items.is_empty() {
            self.rows = self.latest.len();
            self.items = std::mem::take(&mut self.latest).into_values().collect();
        }
        let most = self.items.len().min(TOGETHER);
        let taken: Vec<Item> = self.items.drain(..most).collect();
        self.rows -= taken
            .iter()
            .filter(|item| matches!(item, Item::Row { .. }))
            .count();
        self.writing = !taken.is_empty();
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(n: u64, position: u64) -> Item {
        Item::Row {
            row: Box::new(SessionRow {
                position,
                ..testkit::sample::session_row(n, testkit::sample::org_id(1))
            }),
            _held: Box::new(()),
        }
    }

    fn once() -> (Item, oneshot::Receiver<Result<(), StoreError>>) {
        let (done, outcome) = oneshot::channel();
        let publications = Vec::new();
        (Item::Once { publications, done }, outcome)
    }

    fn drain(queue: &mut Queue) -> Vec<Option<(SessionId, u64)>> {
        let mut seen = Vec::new();
        loop {
            let taken = queue.take();
            if taken.is_empty() {
                return seen;
            }
            seen.extend(taken.iter().map(|item| match item {
                Item::Row { row, .. } => Some((row.id, row.position)),
                Item::Once { .. } => None,
            }));
        }
    }

    #[test]
    fn every_step_is_kept_in_order_and_one_writer_is_enough() {
        let mut queue = Queue::default();
        assert_eq!(queue.leave(row(1, 1)), (true, true));
        assert_eq!(queue.leave(row(1, 2)), (true, false));
        let (item, _outcome) = once();
        queue.leave(item);
        queue.leave(row(2, 1));
        let id = testkit::sample::session_id;
        assert_eq!(
            drain(&mut queue),
            [Some((id(1), 1)), Some((id(1), 2)), None, Some((id(2), 1))]
        );
        assert_eq!(queue.leave(row(1, 3)), (true, true), "the writer had left");
    }

    #[test]
    fn beyond_its_room_the_last_word_of_each_is_kept() {
        let mut queue = Queue::default();
        for position in 0..10_000 {
            queue.leave(row(position % 3, position));
        }
        assert_eq!(queue.len(), ROWS + 3);
        let (item, _outcome) = once();
        queue.leave(item);
        queue.leave(row(7, 1));
        let seen = drain(&mut queue);
        let last = |n: u64| {
            let of = seen
                .iter()
                .flatten()
                .filter(|(id, _)| *id == testkit::sample::session_id(n));
            of.map(|(_, position)| *position).collect::<Vec<_>>()
        };
        assert_eq!(
            [last(0), last(1), last(2)].map(|of| *of.last().unwrap()),
            [9999, 9997, 9998]
        );
        assert!(last(0).is_sorted());
        let caller = seen.iter().position(Option::is_none).unwrap();
        assert_eq!(caller, ROWS + 3, "behind what came before it");
        assert_eq!(queue.len(), 0);
    }

    #[test]
    fn callers_are_bounded() {
        let mut queue = Queue::default();
        let outcomes: Vec<_> = (0..CALLERS)
            .map(|_| {
                let (item, outcome) = once();
                assert!(queue.leave(item).0);
                outcome
            })
            .collect();
        assert_eq!(queue.leave(once().0), (false, false));
        assert_eq!(outcomes.len(), CALLERS);
        assert!(queue.leave(row(1, 1)).0, "sessions are not");
    }
}
