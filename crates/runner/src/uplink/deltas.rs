//! Text in flight: the first piece of a part goes at once, later ones are joined and sent at most every 50 ms;
//! never more than a little is held.
//!
//! Deltas are lossy on purpose: their offsets let a reader see what is missing, and the committed text follows.
//! What is still held when the committed text comes goes before it, so that a quick answer is seen to grow too.

use std::collections::{HashSet, VecDeque};

use protocol::{PromptId, runner::Delta};

const MOST_BYTES: usize = 256 * 1024;
/// Parts remembered as begun. An agent that opens more without an end has their pieces sent a little early.
const MOST_PARTS: usize = 1024;

#[derive(Debug, Default)]
pub(super) struct Deltas {
    open: bool,
    bytes: usize,
    queue: VecDeque<(PromptId, Delta)>,
    /// Parts of which something was sent or is about to be.
    begun: HashSet<String>,
    /// A first piece is in the queue: no waiting.
    urgent: bool,
    /// So many at the front belong before committed text that is about to go.
    settled: usize,
}

impl Deltas {
    /// Whether there is a connection to send on; without one everything is dropped.
    pub(super) fn set_open(&mut self, open: bool) {
        self.open = open;
        self.begun.clear();
        drop(self.take());
    }

    /// Returns true when the sender should look: the queue was empty before, or this must not wait.
    pub(super) fn push(&mut self, prompt_id: PromptId, delta: Delta) -> bool {
        if !self.open || self.bytes + delta.text.len() > MOST_BYTES {
            return false;
        }
        let idle = self.queue.is_empty();
        let first = !self.begun.contains(&delta.part_id);
        if first {
            if self.begun.len() >= MOST_PARTS {
                self.begun.clear();
            }
            self.begun.insert(delta.part_id.clone());
            self.urgent = true;
        }
        self.bytes += delta.text.len();
        let joined = self
            .queue
            .iter_mut()
            .rev()
            .find(|(_, held)| held.part_id == delta.part_id)
            .filter(|(prompt, held)| {
                *prompt == prompt_id
                    && held.message_id == delta.message_id
                    && held.kind == delta.kind
                    && held.offset + held.text.len() as u64 == delta.offset
            });
        match joined {
            Some((_, held)) => held.text.push_str(&delta.text),
            None => self.queue.push_back((prompt_id, delta)),
        }
        idle || first
    }

    /// The committed text of a part is about to go: its last pieces belong before it.
    pub(super) fn settle(&mut self, part_id: &str) {
        self.begun.remove(part_id);
        let last = self.queue.iter().rposition(|(_, held)| held.part_id == part_id);
        self.settled = self.settled.max(last.map_or(0, |last| last + 1));
    }

    /// What belongs before the next report, in order.
    pub(super) fn take_settled(&mut self) -> VecDeque<(PromptId, Delta)> {
        let rest = self.queue.split_off(self.settled);
        self.settled = 0;
        self.bytes = rest.iter().map(|(_, delta)| delta.text.len()).sum();
        std::mem::replace(&mut self.queue, rest)
    }

    /// True when what is held must not wait for more.
    pub(super) fn is_urgent(&self) -> bool {
        self.urgent && !self.queue.is_empty()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    pub(super) fn take(&mut self) -> VecDeque<(PromptId, Delta)> {
        self.bytes = 0;
        self.urgent = false;
        self.settled = 0;
        std::mem::take(&mut self.queue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::runner::DeltaKind;

    fn piece(part: &str, offset: u64, text: &str) -> Delta {
        Delta {
            message_id: "m".into(),
            part_id: part.into(),
            kind: DeltaKind::Text,
            offset,
            text: text.into(),
        }
    }

    #[test]
    fn neighbours_join_and_gaps_do_not() {
        let prompt = PromptId::new(0, 1);
        let mut deltas = Deltas::default();
        deltas.push(prompt, piece("a", 0, "lost"));
        deltas.set_open(true);
        assert!(deltas.push(prompt, piece("a", 4, "he")));
        assert!(!deltas.push(prompt, piece("a", 6, "llo")));
        deltas.push(prompt, piece("a", 20, "gap"));
        let texts: Vec<_> = deltas
            .take()
            .into_iter()
            .map(|(_, delta)| (delta.offset, delta.text))
            .collect();
        assert_eq!(texts, [(4, "hello".to_owned()), (20, "gap".to_owned())]);
    }

    #[test]
    fn a_first_piece_is_urgent_and_later_ones_are_not() {
        let prompt = PromptId::new(0, 1);
        let mut deltas = Deltas::default();
        deltas.set_open(true);
        deltas.push(prompt, piece("a", 0, "x"));
        assert!(deltas.is_urgent());
        deltas.take();
        deltas.push(prompt, piece("a", 1, "y"));
        assert!(!deltas.is_urgent());
        assert!(deltas.push(prompt, piece("b", 0, "z")), "the sender is woken");
        assert!(deltas.is_urgent());
    }

    #[test]
    fn pieces_of_committed_text_go_before_it() {
        let prompt = PromptId::new(0, 1);
        let mut deltas = Deltas::default();
        deltas.set_open(true);
        deltas.push(prompt, piece("b", 0, "1"));
        deltas.push(prompt, piece("a", 0, "2"));
        deltas.push(prompt, piece("c", 0, "3"));
        deltas.settle("a");
        deltas.settle("unheard of");
        let parts = |taken: VecDeque<(PromptId, Delta)>| {
            let parts = taken.into_iter().map(|(_, delta)| delta.part_id);
            parts.collect::<Vec<_>>()
        };
        assert_eq!(parts(deltas.take_settled()), ["b", "a"]);
        assert!(deltas.take_settled().is_empty());
        assert_eq!((deltas.bytes, parts(deltas.take())), (1, vec!["c".to_owned()]));
    }

    #[test]
    fn what_is_held_is_bounded() {
        let mut deltas = Deltas::default();
        deltas.set_open(true);
        for n in 0..1000 {
            deltas.push(PromptId::new(0, 1), piece("a", n * 1024, &"x".repeat(1024)));
        }
        let held: usize = deltas.take().iter().map(|(_, delta)| delta.text.len()).sum();
        assert_eq!(held, MOST_BYTES);
    }
}
