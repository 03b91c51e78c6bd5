//! Reading a runner's frame. Most frames are events and deltas, by the thousand, so these are read straight into their
//! types; the rest, and whatever looks odd, goes the general way.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor},
};

use super::{Delta, RunnerFrame, RunnerReport};
use crate::{EventBody, PromptId};

impl RunnerFrame {
    /// From its text.
    ///
    /// # Errors
    /// When it is not a frame of this protocol.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        match serde_json::from_str::<Frequent>(text) {
            Ok(Frequent(frame)) => Ok(frame),
            // Another kind of frame, fields in another order, data of another shape, or no frame at all.
            Err(_) => serde_json::from_str(text),
        }
    }
}

/// An event or a delta, with each word that says how to go on before what it is about: one pass, nothing is set aside.
struct Frequent(RunnerFrame);

impl<'de> Deserialize<'de> for Frequent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OfFrame)
    }
}

fn otherwise<E: Error>() -> E {
    E::custom("to be read the general way")
}

struct OfFrame;

impl<'de> Visitor<'de> for OfFrame {
    type Value = Frequent;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a frame")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Frequent, A::Error> {
        let mut kind = Cow::Borrowed("");
        let (mut generation, mut n, mut prompt_id) = (None, None, None);
        let (mut event, mut delta) = (None, None);
        while let Some(Word(key)) = map.next_key()? {
            match (&*key, &*kind) {
                ("type", "") => kind = map.next_value::<Word<'de>>()?.0,
                ("generation", _) if generation.is_none() => generation = Some(map.next_value::<u64>()?),
                ("n", "report") if n.is_none() => n = Some(map.next_value::<u64>()?),
                ("prompt_id", _) if prompt_id.is_none() => {
                    prompt_id = Some(map.next_value::<Option<PromptId>>()?)
                }
                ("report", "report") if event.is_none() => event = Some(map.next_value_seed(OfReport)?),
                ("delta", "delta") if delta.is_none() => delta = Some(map.next_value::<Delta>()?),
                _ => return Err(otherwise()),
            }
        }
        let generation = generation.ok_or_else(otherwise)?;
        let frame = match (event, delta) {
            (Some(event), None) => RunnerFrame::Report {
                generation,
                n: n.ok_or_else(otherwise)?,
                prompt_id: prompt_id.flatten(),
                report: RunnerReport::Event { event },
            },
            (None, Some(delta)) => RunnerFrame::Delta {
                generation,
                prompt_id: prompt_id.flatten().ok_or_else(otherwise)?,
                delta,
            },
            _ => return Err(otherwise()),
        };
        Ok(Frequent(frame))
    }
}

struct OfReport;

impl<'de> DeserializeSeed<'de> for OfReport {
    type Value = EventBody;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<EventBody, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OfReport {
    type Value = EventBody;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a report")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<EventBody, A::Error> {
        let mut kind = Cow::Borrowed("");
        let mut event = None;
        while let Some(Word(key)) = map.next_key()? {
            match (&*key, &*kind) {
                ("kind", "") => kind = map.next_value::<Word<'de>>()?.0,
                ("event", "event") if event.is_none() => event = Some(map.next_value_seed(OfEvent)?),
                _ => return Err(otherwise()),
            }
        }
        event.ok_or_else(otherwise)
    }
}

struct OfEvent;

impl<'de> DeserializeSeed<'de> for OfEvent {
    type Value = EventBody;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<EventBody, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OfEvent {
    type Value = EventBody;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<EventBody, A::Error> {
        let mut kind = Cow::Borrowed("");
        let mut body = None;
        while let Some(Word(key)) = map.next_key()? {
            match &*key {
                "type" if kind.is_empty() => kind = map.next_value::<Word<'de>>()?.0,
                "data" if !kind.is_empty() && kind.len() <= 128 && body.is_none() => {
                    body = Some(EventBody::next_of(&kind, &mut map)?);
                }
                _ => return Err(otherwise()),
            }
        }
        body.ok_or_else(otherwise)
    }
}

/// A string, taken from the text as it stands where it holds no escapes.
struct Word<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Word<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfWord;
        impl<'de> Visitor<'de> for OfWord {
            type Value = Word<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Word(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Word(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(OfWord)
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
