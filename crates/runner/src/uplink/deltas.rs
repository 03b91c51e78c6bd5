//! Text in flight: pieces of one part are joined and sent at most every 50 ms; never more than a little is held.
//!
//! Deltas are lossy on purpose: their offsets let a reader see what is missing, and the committed text follows.

use std::collections::VecDeque;

use protocol::{PromptId, runner::Delta};

const MOST_BYTES: usize = 256 * 1024;

#[derive(Debug, Default)]
pub(super) struct Deltas {
    open: bool,
    bytes: usize,
    queue: VecDeque<(PromptId, Delta)>,
}

impl Deltas {
    /// Whether there is a connection to send on; without one everything is dropped.
    pub(super) fn set_open(&mut self, open: bool) {
        self.open = open;
        self.bytes = 0;
        self.queue.clear();
    }

    /// Returns true when the queue was empty before and the sender should look.
    pub(super) fn push(&mut self, prompt_id: PromptId, delta: Delta) -> bool {
        if !self.open || self.bytes + delta.text.len() > MOST_BYTES {
            return false;
        }
        let idle = self.queue.is_empty();
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
        idle
    }

    /// The committed text of a part is out; its pieces are of no use any more.
    pub(super) fn settle(&mut self, part_id: &str) {
        self.queue.retain(|(_, delta)| delta.part_id != part_id);
        self.bytes = self.queue.iter().map(|(_, delta)| delta.text.len()).sum();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    pub(super) fn take(&mut self) -> VecDeque<(PromptId, Delta)> {
        self.bytes = 0;
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
        assert!(!deltas.push(prompt, piece("b", 0, "x")));
        deltas.push(prompt, piece("a", 6, "llo"));
        deltas.push(prompt, piece("a", 20, "gap"));
        deltas.settle("b");
        let texts: Vec<_> = deltas
            .take()
            .into_iter()
            .map(|(_, delta)| (delta.offset, delta.text))
            .collect();
        assert_eq!(texts, [(4, "hello".to_owned()), (20, "gap".to_owned())]);
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
