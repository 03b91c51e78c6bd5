//! Whole lines out of pieces of a stream.

use bytes::{Bytes, BytesMut};

/// Longest line of a stream.
pub(crate) const MAX_LINE: usize = 8 * 1024 * 1024;

/// The stream has a line beyond the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the provider sent a line of more than {MAX_LINE} bytes")]
pub(crate) struct LineTooLong;

/// Keeps what is not yet a line.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    pending: BytesMut,
    /// Bytes of `pending` known to hold no line end.
    searched: usize,
}

impl Lines {
    pub(crate) fn push(&mut self, piece: &[u8]) -> Result<(), LineTooLong> {
        self.pending.extend_from_slice(piece);
        let last_end = self.pending[self.searched..]
            .iter()
            .rposition(|byte| *byte == b'\n');
        let unfinished = self.pending.len() - last_end.map_or(0, |at| self.searched + at);
        if unfinished > MAX_LINE {
            Err(LineTooLong)
        } else {
            Ok(())
        }
    }

    /// The next whole line, line end included.
    pub(crate) fn next_line(&mut self) -> Option<Bytes> {
        let Some(at) = self.pending[self.searched..]
            .iter()
            .position(|byte| *byte == b'\n')
        else {
            self.searched = self.pending.len();
            return None;
        };
        let line = self.pending.split_to(self.searched + at + 1).freeze();
        self.searched = 0;
        Some(line)
    }

    /// What came after the last line end.
    pub(crate) fn rest(&mut self) -> Option<Bytes> {
        self.searched = 0;
        (!self.pending.is_empty()).then(|| self.pending.split().freeze())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole_wherever_the_stream_was_cut() {
        let text = b"data: one\r\n\ndata: two\n\ntail";
        for size in 1..text.len() {
            let mut lines = Lines::default();
            let mut seen = Vec::new();
            for piece in text.chunks(size) {
                lines.push(piece).unwrap();
                seen.extend(std::iter::from_fn(|| lines.next_line()));
            }
            assert_eq!(seen, ["data: one\r\n", "\n", "data: two\n", "\n"], "{size}");
            assert_eq!(lines.rest().unwrap(), "tail");
            assert_eq!(lines.rest(), None);
        }
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let mut lines = Lines::default();
        lines.push(&vec![b'x'; MAX_LINE]).unwrap();
        assert_eq!(lines.next_line(), None);
        assert_eq!(lines.push(b"x"), Err(LineTooLong));
    }
}
