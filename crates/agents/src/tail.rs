//! The last bytes of an agent's standard output and error: hostile, so lossy and bounded.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::io::{AsyncRead, AsyncReadExt};

const KEEP: usize = 8 * 1024;
/// A longer line is handed on in pieces of this size.
const LINE: usize = 4 * 1024;

/// Shared ring of the last [`KEEP`] bytes.
#[derive(Clone, Default)]
pub(crate) struct Tail {
    bytes: Arc<Mutex<VecDeque<u8>>>,
}

impl Tail {
    pub(crate) fn push(&self, chunk: &[u8]) {
        let chunk = &chunk[chunk.len().saturating_sub(KEEP)..];
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let overflow = (bytes.len() + chunk.len()).saturating_sub(KEEP);
        bytes.drain(..overflow);
        bytes.extend(chunk);
    }

    pub(crate) fn text(&self) -> String {
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let (front, back) = bytes.as_slices();
        String::from_utf8_lossy(&[front, back].concat()).into_owned()
    }

    /// Reads `source` to its end; each line (or piece of one) also goes to `line`.
    pub(crate) async fn drain(self, mut source: impl AsyncRead + Unpin, mut line: impl FnMut(&str)) {
        let mut buffer = vec![0u8; LINE];
        let mut filled = 0;
        while let Ok(read) = source.read(&mut buffer[filled..]).await {
            if read == 0 {
                break;
            }
            self.push(&buffer[filled..filled + read]);
            filled += read;
            let mut start = 0;
            while let Some(end) = buffer[start..filled].iter().position(|byte| *byte == b'\n') {
                line(&String::from_utf8_lossy(&buffer[start..start + end]));
                start += end + 1;
            }
            if start == 0 && filled == buffer.len() {
                line(&String::from_utf8_lossy(&buffer));
                filled = 0;
            } else {
                buffer.copy_within(start..filled, 0);
                filled -= start;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn keeps_the_end_and_bounds_lines() {
        let tail = Tail::default();
        let mut input = vec![b'x'; 3 * LINE];
        input.extend(b"\nlast \xff line\n");
        let mut lines = Vec::new();
        tail.clone()
            .drain(input.as_slice(), |line| lines.push(line.to_owned()))
            .await;
        assert!(lines.iter().all(|line| line.len() <= LINE), "bounded");
        assert_eq!(lines.last().map(String::as_str), Some("last \u{fffd} line"));
        assert!(tail.text().len() <= KEEP + 8 && tail.text().ends_with("line\n"));
    }
}
