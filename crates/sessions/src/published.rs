//! What readers get, as it travels: each frame is written once, however many read it.

use bytes::Bytes;
use ports::session_log::LogEntry;
use protocol::{Event, PromptId, runner::Delta};
use serde::Serialize;

const EVENT: &[u8] = br#"{"type":"event","event":"#;
const DELTA: &[u8] = br#"{"type":"delta","#;

/// A public event, durable, as the frame of a socket. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Published {
    seq: u64,
    frame: Bytes,
}

impl Published {
    /// `None` for a private fact.
    pub(crate) fn of(entry: &LogEntry) -> Option<Self> {
        let seq = entry.seq?;
        let mut frame = Vec::with_capacity(entry.body.len() + entry.kind.len() + 160);
        frame.extend_from_slice(EVENT);
        frame.extend_from_slice(br#"{"seq":"#);
        json(&mut frame, &seq)?;
        frame.extend_from_slice(br#","at":"#);
        json(&mut frame, &entry.at)?;
        if let Some(prompt_id) = &entry.prompt_id {
            frame.extend_from_slice(br#","prompt_id":"#);
            json(&mut frame, prompt_id)?;
        }
        frame.extend_from_slice(br#","type":"#);
        json(&mut frame, &entry.kind)?;
        frame.extend_from_slice(br#","data":"#);
        // Written by us and valid JSON; nothing is gained by taking it apart again.
        frame.extend_from_slice(entry.body.as_bytes());
        frame.extend_from_slice(b"}}");
        Some(Self {
            seq,
            frame: frame.into(),
        })
    }

    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The frame of a session's socket.
    #[must_use]
    pub fn frame(&self) -> Bytes {
        self.frame.clone()
    }

    /// The event alone, JSON.
    #[must_use]
    pub fn document(&self) -> &str {
        // Made above from whole strings, so it always is text.
        std::str::from_utf8(&self.frame[EVENT.len()..self.frame.len() - 1]).unwrap_or_default()
    }

    /// The event taken apart.
    ///
    /// # Errors
    /// When what is stored is no event.
    pub fn event(&self) -> Result<Event, serde_json::Error> {
        serde_json::from_str(self.document())
    }

    pub(crate) fn size(&self) -> usize {
        self.frame.len()
    }
}

/// Text in the making, as the frame of a socket. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Preview {
    frame: Bytes,
}

impl Preview {
    pub(crate) fn of(prompt_id: PromptId, delta: &Delta) -> Option<Self> {
        let mut frame = Vec::with_capacity(delta.text.len() + 256);
        frame.extend_from_slice(DELTA);
        frame.extend_from_slice(br#""prompt_id":"#);
        json(&mut frame, &prompt_id)?;
        frame.extend_from_slice(br#","delta":"#);
        json(&mut frame, delta)?;
        frame.push(b'}');
        Some(Self { frame: frame.into() })
    }

    /// The frame of a session's socket.
    #[must_use]
    pub fn frame(&self) -> Bytes {
        self.frame.clone()
    }

    /// `{"prompt_id", "delta"}`, JSON.
    #[must_use]
    pub fn document(&self) -> String {
        let rest = std::str::from_utf8(&self.frame[DELTA.len()..]).unwrap_or_default();
        format!("{{{rest}")
    }

    pub(crate) fn size(&self) -> usize {
        self.frame.len()
    }
}

fn json<T: Serialize>(out: &mut Vec<u8>, value: &T) -> Option<()> {
    serde_json::to_writer(out, value).ok()
}

#[cfg(test)]
mod tests {
    use protocol::{Timestamp, runner::DeltaKind, socket::SocketFrame};

    use super::*;

    fn entry(prompt_id: Option<PromptId>) -> LogEntry {
        LogEntry {
            position: 9,
            seq: Some(7),
            at: Timestamp::from_ms(1_700_000_000_123),
            prompt_id,
            kind: "holo\"gram.shown".into(),
            body: r#"{"text":"é\n"}"#.into(),
        }
    }

    #[test]
    fn a_frame_is_what_the_protocol_says() {
        for prompt_id in [None, Some(PromptId::from_bits(5))] {
            let published = Published::of(&entry(prompt_id)).unwrap();
            let event = published.event().unwrap();
            let expected = serde_json::to_string(&SocketFrame::Event { event: event.clone() }).unwrap();
            assert_eq!(published.frame(), expected.as_bytes());
            assert_eq!(published.document(), serde_json::to_string(&event).unwrap());
            assert_eq!((published.seq(), event.prompt_id), (7, prompt_id));
        }
        let private = LogEntry {
            seq: None,
            ..entry(None)
        };
        assert!(Published::of(&private).is_none());
    }

    #[test]
    fn so_is_a_preview() {
        let delta = Delta {
            message_id: "m".into(),
            part_id: "p".into(),
            kind: DeltaKind::Text,
            offset: 3,
            text: "é\"".into(),
        };
        let prompt_id = PromptId::from_bits(5);
        let preview = Preview::of(prompt_id, &delta).unwrap();
        let document = serde_json::json!({"prompt_id": prompt_id, "delta": delta}).to_string();
        let same = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(same(&preview.document()), same(&document));
        let expected = serde_json::to_string(&SocketFrame::Delta { prompt_id, delta }).unwrap();
        assert_eq!(preview.frame(), expected.as_bytes());
    }
}
