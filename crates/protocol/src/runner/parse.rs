//! Reading a runner's frame. Most frames are events and deltas, by the thousand, so these are read straight into their
//! types; the rest, and whatever looks odd, goes the general way.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Delta, RunnerFrame, RunnerReport};
use crate::{EventBody, PromptId};

#[derive(Deserialize)]
struct Outer<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    generation: u64,
    #[serde(default)]
    n: Option<u64>,
    #[serde(default)]
    prompt_id: Option<PromptId>,
    #[serde(default, borrow)]
    report: Option<&'a RawValue>,
    #[serde(default, borrow)]
    delta: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Report<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(default, borrow)]
    event: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    data: &'a RawValue,
}

impl RunnerFrame {
    /// From its text.
    ///
    /// # Errors
    /// When it is not a frame of this protocol.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        match shortcut(text) {
            Some(frame) => Ok(frame),
            None => serde_json::from_str(text),
        }
    }
}

fn shortcut(text: &str) -> Option<RunnerFrame> {
    let outer: Outer<'_> = serde_json::from_str(text).ok()?;
    match &*outer.kind {
        "report" => {
            let report: Report<'_> = serde_json::from_str(outer.report?.get()).ok()?;
            if report.kind != "event" {
                return None;
            }
            let event: Event<'_> = serde_json::from_str(report.event?.get()).ok()?;
            if event.kind.is_empty() || event.kind.len() > 128 {
                return None;
            }
            Some(RunnerFrame::Report {
                generation: outer.generation,
                n: outer.n?,
                prompt_id: outer.prompt_id,
                report: RunnerReport::Event {
                    event: EventBody::from_json(&event.kind, event.data.get()).ok()?,
                },
            })
        }
        "delta" => Some(RunnerFrame::Delta {
            generation: outer.generation,
            prompt_id: outer.prompt_id?,
            delta: serde_json::from_str::<Delta>(outer.delta?.get()).ok()?,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::DeltaKind;

    fn same(frame: &RunnerFrame) {
        let text = serde_json::to_string(frame).unwrap();
        for read in [
            RunnerFrame::parse(&text).unwrap(),
            serde_json::from_str(&text).unwrap(),
        ] {
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
    }

    #[test]
    fn both_ways_read_the_same() {
        let events = [
            r#"{"type":"message.text","data":{"message_id":"m","part_id":"p","text":"é\"\n"}}"#,
            r#"{"type":"message.text","data":{"odd":[1,{"a":null}]}}"#,
            r#"{"type":"hologram.shown","data":{"x":[1,2]}}"#,
            r#"{"type":"holo\"gram","data":null}"#,
        ];
        for event in events {
            let report = RunnerReport::Event {
                event: serde_json::from_str(event).unwrap(),
            };
            for prompt_id in [None, Some(PromptId::from_bits(7))] {
                same(&RunnerFrame::Report {
                    generation: 3,
                    n: 9,
                    prompt_id,
                    report: report.clone(),
                });
            }
        }
        same(&RunnerFrame::Delta {
            generation: 1,
            prompt_id: PromptId::from_bits(7),
            delta: Delta {
                message_id: "m".into(),
                part_id: "p".into(),
                kind: DeltaKind::Text,
                offset: 4,
                text: "x\u{1}".into(),
            },
        });
        same(&RunnerFrame::Heartbeat { generation: 2 });
    }

    #[test]
    fn what_is_no_frame_is_refused_either_way() {
        let deep = format!(
            r#"{{"type":"report","generation":1,"n":1,"prompt_id":null,"report":{{"kind":"event","event":{{"type":"x.y","data":{}1{}}}}}}}"#,
            "[".repeat(4_000),
            "]".repeat(4_000)
        );
        for text in [
            "",
            "[]",
            r#"{"type":"report","generation":1,"n":1}"#,
            r#"{"type":"report","generation":-1,"n":1,"report":{"kind":"event"}}"#,
            r#"{"type":"report","generation":1,"n":1,"prompt_id":null,"report":{"kind":"event","event":{"type":"","data":1}}}"#,
            r#"{"type":"delta","generation":1,"prompt_id":"nonsense","delta":{}}"#,
            &deep,
        ] {
            assert!(RunnerFrame::parse(text).is_err(), "{text:.60}");
        }
    }
}
