//! How much of a runner's report is kept. Everything in one comes from a sandbox, whatever the runner in it should
//! have cut already: a log that everyone reads for ever takes no more than this.

use std::io::{self, Write};

use protocol::{
    EventBody,
    event::ErrorRaised,
    probe::Listing,
    runner::{RunnerReport, TurnOutcome},
    session::TurnError,
};
use serde::Serialize;
use serde_json::Value;

/// Largest event, as JSON.
const MAX_EVENT: usize = 1 << 20;
/// Where cutting begins: the longest texts first, and shorter ones only if that is not enough.
const FIRST_CUT: usize = 768 * 1024;
/// Below this nothing is cut any more: then it is not length but number.
const LAST_CUT: usize = 256;
const ROOM_FOR_NOTE: usize = 48;
/// Words such as names, versions and codes.
const MAX_WORD: usize = 512;
/// What is said to a person.
const MAX_SENTENCE: usize = 8 * 1024;
/// Tail of an output.
const MAX_DETAIL: usize = 64 * 1024;
const MAX_FILES: usize = 5_000;
const MAX_PATH: usize = 1_024;
const MAX_CONTENTS: usize = 256;
const MAX_CONTENT: usize = 64 * 1024;

/// The report, or as much of it as is kept.
#[must_use]
pub fn bounded(report: RunnerReport) -> RunnerReport {
    match report {
        RunnerReport::Event { event } => RunnerReport::Event {
            event: bounded_event(event),
        },
        RunnerReport::Listing { listing } => RunnerReport::Listing {
            listing: bounded_listing(listing),
        },
        RunnerReport::Ready {
            agent,
            version,
            agent_session_id,
            resumed,
            elapsed_ms,
        } => RunnerReport::Ready {
            agent: cut(agent, MAX_WORD),
            version: cut(version, MAX_WORD),
            agent_session_id: cut(agent_session_id, MAX_WORD),
            resumed,
            elapsed_ms,
        },
        RunnerReport::Broken { error } => RunnerReport::Broken {
            error: bounded_error(error),
        },
        RunnerReport::TurnEnded {
            outcome: TurnOutcome::Failed { error },
        } => RunnerReport::TurnEnded {
            outcome: TurnOutcome::Failed {
                error: bounded_error(error),
            },
        },
        RunnerReport::TurnEnded { outcome } => RunnerReport::TurnEnded { outcome },
    }
}

fn bounded_event(event: EventBody) -> EventBody {
    let size = size(&event);
    if size <= MAX_EVENT {
        return event;
    }
    let kind = event.kind().to_owned();
    let mut most = FIRST_CUT;
    // Each time from the whole, so that the note says how much is really missing.
    while let Ok(mut data) = event.data()
        && most >= LAST_CUT
    {
        cut_within(&mut data, most);
        if let Some(truncated) = data.get_mut("truncated") {
            *truncated = Value::Bool(true);
        }
        let cut = EventBody::from_parts(&kind, data);
        if self::size(&cut) <= MAX_EVENT {
            return cut;
        }
        most /= 2;
    }
    too_large(&kind, size)
}

/// Stands for an event that is large by the number of its parts.
fn too_large(kind: &str, size: usize) -> EventBody {
    ErrorRaised {
        error: TurnError {
            code: "event_too_large".into(),
            message: format!(
                "The sandbox sent an event `{kind}` of {size} bytes, which is too large to keep."
            ),
            next_step: "Nothing needs to be done; that one event is missing from the log.".into(),
            detail: None,
        },
    }
    .into()
}

fn cut_within(value: &mut Value, most: usize) {
    match value {
        Value::String(text) => *text = cut(std::mem::take(text), most),
        Value::Array(items) => items.iter_mut().for_each(|item| cut_within(item, most)),
        Value::Object(fields) => fields.values_mut().for_each(|field| cut_within(field, most)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The text, or its beginning with a note of how much is missing.
fn cut(mut text: String, most: usize) -> String {
    if text.len() <= most {
        return text;
    }
    let kept = text.floor_char_boundary(most.saturating_sub(ROOM_FOR_NOTE));
    let missing = text.len() - kept;
    text.truncate(kept);
    text.push_str(&format!("\n[cut here: {missing} more bytes]"));
    text
}

fn bounded_error(error: TurnError) -> TurnError {
    TurnError {
        code: cut(error.code, MAX_WORD),
        message: cut(error.message, MAX_SENTENCE),
        next_step: cut(error.next_step, MAX_SENTENCE),
        detail: error.detail.map(|detail| cut(detail, MAX_DETAIL)),
    }
}

/// A manifest is left out rather than cut: half of one only looks malformed.
fn bounded_listing(mut listing: Listing) -> Listing {
    let count = listing.files.len();
    listing.files.retain(|path| path.len() <= MAX_PATH);
    listing.files.truncate(MAX_FILES);
    listing.truncated |= listing.files.len() < count;
    listing.contents = listing
        .contents
        .into_iter()
        .filter(|(path, text)| path.len() <= MAX_PATH && text.len() <= MAX_CONTENT)
        .take(MAX_CONTENTS)
        .collect();
    listing.commit = listing.commit.filter(|commit| commit.len() <= MAX_WORD);
    listing
}

/// Length as JSON, without writing it anywhere.
fn size<T: Serialize>(value: &T) -> usize {
    struct Count(usize);
    impl Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    match serde_json::to_writer(&mut count, value) {
        Ok(()) => count.0,
        Err(_) => usize::MAX,
    }
}

#[cfg(test)]
mod tests {
    use protocol::event::{MessageText, ToolCallCompleted, ToolCallStarted};
    use serde_json::json;

    use super::*;

    fn event(event: impl Into<EventBody>) -> EventBody {
        let report = bounded(RunnerReport::Event { event: event.into() });
        let RunnerReport::Event { event } = report else {
            panic!("another report")
        };
        assert!(size(&event.data().unwrap()) <= MAX_EVENT);
        event
    }

    fn text(text: String) -> MessageText {
        MessageText {
            message_id: "m".into(),
            part_id: "p".into(),
            text,
        }
    }

    fn call(input: Value, output: String) -> ToolCallCompleted {
        ToolCallCompleted {
            tool_call_id: "c".into(),
            tool: "bash".into(),
            status: "completed".into(),
            title: Some("t".into()),
            input,
            output,
            truncated: false,
            exit_code: Some(0),
            duration_ms: None,
            diff: None,
        }
    }

    #[test]
    fn what_fits_is_kept_as_it_is() {
        for event_in in [
            text("é".repeat(500_000)).into(),
            call(json!({"a": 1}), "x".repeat(900_000)).into(),
        ] {
            assert_eq!(event(EventBody::clone(&event_in)), event_in);
        }
    }

    #[test]
    fn long_texts_are_cut_with_a_note_and_short_ones_are_not() {
        for long in ["x".repeat(5 << 20), "é\u{1}\"".repeat(1 << 20)] {
            let EventBody::MessageText(message) = event(text(long.clone())) else {
                panic!("another event")
            };
            assert!(message.text.len() > MAX_EVENT / 8);
            assert!(message.text.ends_with("more bytes]"), "{}", message.text.len());
            assert!(long.starts_with(&message.text[..1000]));
            assert_eq!(
                (message.message_id.as_str(), message.part_id.as_str()),
                ("m", "p")
            );
        }
        let EventBody::ToolCallCompleted(call) = event(call(json!({"command": "ls"}), "y".repeat(3 << 20)))
        else {
            panic!("another event")
        };
        assert!(call.truncated && call.input == json!({"command": "ls"}));
    }

    #[test]
    fn input_and_unknown_events_are_bounded_too() {
        let EventBody::ToolCallStarted(started) = event(ToolCallStarted {
            tool_call_id: "c".into(),
            tool: "write".into(),
            title: None,
            input: json!({"content": ["z".repeat(2 << 20), "z".repeat(2 << 20)], "path": "a"}),
        }) else {
            panic!("another event")
        };
        assert_eq!(started.input["path"], "a");
        let unknown = event(EventBody::Unknown {
            kind: "hologram.shown".into(),
            data: json!({"x": "w".repeat(2 << 20)}),
        });
        assert_eq!(unknown.kind(), "hologram.shown");
    }

    #[test]
    fn what_is_large_by_number_is_named_and_left_out() {
        let many = event(EventBody::Unknown {
            kind: "hologram.shown".into(),
            data: json!(vec![1; 600_000]),
        });
        assert_eq!(many.kind(), "error.raised");
        assert!(many.data().unwrap().to_string().contains("hologram.shown"));
    }

    #[test]
    fn words_of_other_reports_are_bounded() {
        let long = || "x".repeat(1 << 20);
        let error = || TurnError {
            code: long(),
            message: long(),
            next_step: long(),
            detail: Some(long()),
        };
        let failed = TurnOutcome::Failed { error: error() };
        for report in [
            RunnerReport::Broken { error: error() },
            RunnerReport::TurnEnded { outcome: failed },
            RunnerReport::Ready {
                agent: long(),
                version: long(),
                agent_session_id: long(),
                resumed: false,
                elapsed_ms: 1,
            },
        ] {
            let report = bounded(report);
            assert!(size(&report) < 128 * 1024, "{}", size(&report));
        }
    }

    #[test]
    fn a_listing_is_bounded_before_anything_reads_it() {
        let mut files: Vec<String> = (0..6_000).map(|n| format!("f{n}")).collect();
        files.insert(0, "d/".repeat(1_000));
        let contents = [
            ("package.json".to_owned(), "{}".to_owned()),
            ("Cargo.toml".to_owned(), "x".repeat(MAX_CONTENT + 1)),
        ];
        let RunnerReport::Listing { listing } = bounded(RunnerReport::Listing {
            listing: Listing {
                files,
                truncated: false,
                contents: contents.into_iter().collect(),
                commit: Some("c".repeat(4096)),
            },
        }) else {
            panic!("another report")
        };
        assert_eq!((listing.files.len(), listing.truncated), (MAX_FILES, true));
        assert_eq!(listing.files[0], "f0");
        assert_eq!(listing.contents.keys().collect::<Vec<_>>(), ["package.json"]);
        assert_eq!(listing.commit, None);
    }
}
