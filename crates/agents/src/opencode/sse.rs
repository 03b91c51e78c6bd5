//! The agent's event stream: frames out of bytes, and a reader that comes back after every loss.

use std::time::Duration;

use http_body_util::BodyExt as _;
use tokio::sync::mpsc;

use super::{
    http::{CallError, Client},
    wire::Envelope,
};

/// A larger event is skipped; the message list has its content.
const LARGEST_EVENT: usize = 24 * 1024 * 1024;
/// Heartbeats come about every ten seconds.
const SILENCE: Duration = Duration::from_secs(45);

/// What the reader hands on.
#[derive(Debug)]
pub(super) enum Item {
    /// The stream is open (again): events may have been missed before this.
    Reopened,
    Event(Envelope),
}

/// Collects `data:` lines into events.
#[derive(Default)]
pub(super) struct Frames {
    line: Vec<u8>,
    data: Vec<u8>,
    skipping: bool,
}

impl Frames {
    /// Takes bytes as they came and hands each whole event to `event`.
    pub(super) fn push(&mut self, mut bytes: &[u8], mut event: impl FnMut(&[u8])) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            self.keep(&bytes[..end]);
            bytes = &bytes[end + 1..];
            self.end_of_line(&mut event);
        }
        self.keep(bytes);
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.line.len() + self.data.len() + bytes.len() > LARGEST_EVENT {
            self.skipping = true;
            self.line = Vec::new();
            self.data = Vec::new();
        }
        // While skipping only what tells an empty line from another is kept.
        if !self.skipping {
            self.line.extend_from_slice(bytes);
        } else if self.line.is_empty() {
            self.line.extend_from_slice(&bytes[..bytes.len().min(2)]);
        }
    }

    fn end_of_line(&mut self, event: &mut impl FnMut(&[u8])) {
        let line = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
        if line.is_empty() {
            if !self.skipping && !self.data.is_empty() {
                event(&self.data);
            }
            self.skipping = false;
            self.data.clear();
        } else if !self.skipping
            && let Some(data) = line.strip_prefix(b"data:")
        {
            if !self.data.is_empty() {
                self.data.push(b'\n');
            }
            self.data
                .extend_from_slice(data.strip_prefix(b" ").unwrap_or(data));
        }
        self.line.clear();
    }
}

/// Opens the stream and reads it until the receiver is gone.
pub(super) async fn subscribe(client: Client) -> Result<mpsc::Receiver<Item>, CallError> {
    let (sender, receiver) = mpsc::channel(64);
    let mut body = client.stream("/event").await?;
    tokio::spawn(async move {
        let mut pause = Duration::from_millis(50);
        loop {
            let mut frames = Frames::default();
            loop {
                let next = tokio::select! {
                    () = sender.closed() => return,
                    next = tokio::time::timeout(SILENCE, body.frame()) => next,
                };
                let Ok(Some(Ok(frame))) = next else { break };
                let Ok(bytes) = frame.into_data() else { continue };
                let mut events = Vec::new();
                frames.push(&bytes, |data| {
                    events.extend(serde_json::from_slice::<Envelope>(data).ok())
                });
                for event in events {
                    pause = Duration::from_millis(50);
                    if event.wanted() && sender.send(Item::Event(event)).await.is_err() {
                        return;
                    }
                }
            }
            tracing::debug!("the agent's event stream was lost");
            body = loop {
                tokio::select! {
                    () = sender.closed() => return,
                    () = tokio::time::sleep(pause) => {}
                }
                pause = (pause * 2).min(Duration::from_secs(2));
                if let Ok(body) = client.stream("/event").await {
                    break body;
                }
            };
            if sender.send(Item::Reopened).await.is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(chunks: &[&[u8]]) -> Vec<String> {
        let mut frames = Frames::default();
        let mut events = Vec::new();
        for chunk in chunks {
            frames.push(chunk, |data| {
                events.push(String::from_utf8_lossy(data).into_owned())
            });
        }
        events
    }

    #[test]
    fn events_are_whole_wherever_the_bytes_are_cut() {
        let stream = b"data: {\"a\":1}\n\n: comment\nid: 7\r\ndata: one\r\ndata:two\r\n\r\ndata: unfinished";
        let whole = events(&[stream]);
        assert_eq!(whole, ["{\"a\":1}", "one\ntwo"]);
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(events(&bytes), whole);
    }

    #[test]
    fn an_oversized_event_is_skipped_and_the_next_is_read() {
        let large = vec![b'x'; LARGEST_EVENT / 2];
        assert_eq!(
            events(&[b"data: ", &large, &large, &large, b"\n\ndata: next\n\n"]),
            ["next"]
        );
    }
}
