//! Reports and pieces of text without secrets: the one way by which everything leaves.

use std::collections::{HashMap, VecDeque};

use protocol::{
    EventBody,
    runner::{Delta, RunnerReport, TurnOutcome},
    session::TurnError,
};
use serde_json::Value;

use super::{Redactor, Stream};

/// Parts of which pieces are remembered; the oldest goes, and with it what was held back of it.
const MOST_PARTS: usize = 1024;

/// What was held back of the parts that are being produced.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    open: HashMap<String, Part>,
    order: VecDeque<String>,
}

#[derive(Debug, Default)]
struct Part {
    stream: Stream,
    /// Bytes that came, and bytes that went: what stands for a secret has another length.
    came: u64,
    went: u64,
}

impl Parts {
    fn part(&mut self, key: &str) -> &mut Part {
        if !self.open.contains_key(key) {
            self.order.push_back(key.to_owned());
            if self.order.len() > MOST_PARTS
                && let Some(oldest) = self.order.pop_front()
            {
                self.open.remove(&oldest);
            }
        }
        self.open.entry(key.to_owned()).or_default()
    }

    fn close(&mut self, key: &str) {
        if self.open.remove(key).is_some() {
            self.order.retain(|other| other != key);
        }
    }
}

impl Redactor {
    /// A piece of a part. `None` when all of it is held back.
    pub(crate) fn delta(&self, parts: &mut Parts, mut delta: Delta) -> Option<Delta> {
        if self.is_empty() {
            return Some(delta);
        }
        let part = parts.part(&format!("{}/{}", delta.message_id, delta.part_id));
        if delta.offset != part.came {
            // Begun before there were secrets, or begun anew: what is held belongs to something else.
            part.stream = Stream::default();
            part.went = delta.offset;
        }
        part.came = delta.offset + delta.text.len() as u64;
        delta.text = part.stream.push_text(self, &delta.text);
        delta.offset = part.went;
        part.went += delta.text.len() as u64;
        (!delta.text.is_empty()).then_some(delta)
    }

    /// A report. Words that the server goes by are left alone; everything that a person reads is looked at.
    pub(crate) fn report(&self, parts: &mut Parts, mut report: RunnerReport) -> RunnerReport {
        if self.is_empty() {
            return report;
        }
        match &mut report {
            RunnerReport::Event { event } => {
                self.event(parts, event);
            }
            RunnerReport::Broken { error }
            | RunnerReport::TurnEnded {
                outcome: TurnOutcome::Failed { error },
            } => self.error(error),
            RunnerReport::Listing { listing } => {
                if let Ok(mut value) = serde_json::to_value(&*listing)
                    && self.value(&mut value)
                    && let Ok(cleaned) = serde_json::from_value(value)
                {
                    *listing = cleaned;
                }
            }
            RunnerReport::Ready { .. } | RunnerReport::TurnEnded { .. } => {}
        }
        report
    }

    fn error(&self, error: &mut TurnError) {
        self.clean(&mut error.message);
        self.clean(&mut error.next_step);
        if let Some(detail) = &mut error.detail {
            self.clean(detail);
        }
    }

    fn event(&self, parts: &mut Parts, event: &mut EventBody) {
        match event {
            EventBody::ToolCallUpdated(update) => {
                if let Some(output) = update.output_delta.take() {
                    let part = parts.part(&format!("tool/{}", update.tool_call_id));
                    let shown = part.stream.push_text(self, &output);
                    update.output_delta = (!shown.is_empty()).then_some(shown);
                }
            }
            EventBody::ToolCallCompleted(call) => parts.close(&format!("tool/{}", call.tool_call_id)),
            EventBody::MessageText(message) => {
                parts.close(&format!("{}/{}", message.message_id, message.part_id));
            }
            EventBody::MessageReasoning(message) => {
                parts.close(&format!("{}/{}", message.message_id, message.part_id));
            }
            _ => {}
        }
        // Every text of it, whatever the type, and also of one that this build doesn't know.
        let Ok(mut data) = event.data() else { return };
        if self.value(&mut data) {
            *event = EventBody::from_parts(event.kind(), data);
        }
    }

    /// Texts and names in a document; true when something was taken out.
    fn value(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) => match self.text(text) {
                Some(cleaned) => {
                    *text = cleaned;
                    true
                }
                None => false,
            },
            Value::Array(items) => items.iter_mut().fold(false, |any, item| self.value(item) | any),
            Value::Object(map) => {
                let mut any = map.values_mut().fold(false, |any, item| self.value(item) | any);
                if map.keys().any(|name| self.text(name).is_some()) {
                    let old = std::mem::take(map);
                    map.extend(
                        old.into_iter()
                            .map(|(name, item)| (self.text(&name).unwrap_or(name), item)),
                    );
                    any = true;
                }
                any
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::{
        event::{ToolCallCompleted, ToolCallUpdated},
        runner::DeltaKind,
    };
    use serde_json::json;

    use super::*;

    const SECRET: &str = "hunter22-and-more";

    fn piece(offset: u64, text: &str) -> Delta {
        Delta {
            message_id: "m".into(),
            part_id: "p".into(),
            kind: DeltaKind::Text,
            offset,
            text: text.into(),
        }
    }

    #[test]
    fn pieces_keep_their_places() {
        let (redactor, mut parts) = (Redactor::new([SECRET]), Parts::default());
        let mut shown = String::new();
        let mut offset = 0;
        for text in ["the token is hunter", "22-and", "-more, as ", "I said"] {
            if let Some(delta) = redactor.delta(&mut parts, piece(offset, text)) {
                assert_eq!(delta.offset, shown.len() as u64);
                shown.push_str(&delta.text);
            }
            offset += text.len() as u64;
        }
        assert_eq!(shown, "the token is [secret], as I said");
    }

    #[test]
    fn every_text_of_an_event_is_looked_at() {
        let (redactor, mut parts) = (Redactor::new([SECRET]), Parts::default());
        let call = ToolCallCompleted {
            tool_call_id: "c".into(),
            tool: "bash".into(),
            status: "completed".into(),
            title: Some(format!("echo {SECRET}")),
            input: json!({"command": [format!("echo {SECRET}")], format!("{SECRET}="): 1}),
            output: SECRET.into(),
            truncated: false,
            exit_code: Some(0),
            duration_ms: None,
            diff: Some(format!("+{SECRET}")),
        };
        let report = RunnerReport::Event { event: call.into() };
        let cleaned = redactor.report(&mut parts, report);
        let text = serde_json::to_string(&cleaned).unwrap();
        assert!(!text.contains("hunter22"), "{text}");
        assert!(matches!(
            cleaned,
            RunnerReport::Event {
                event: EventBody::ToolCallCompleted(_)
            }
        ));
        let error = TurnError {
            code: "setup_failed".into(),
            message: format!("no {SECRET}"),
            next_step: String::new(),
            detail: Some(SECRET.into()),
        };
        let cleaned = redactor.report(&mut parts, RunnerReport::Broken { error });
        assert!(!serde_json::to_string(&cleaned).unwrap().contains("hunter22"));
    }

    #[test]
    fn output_in_updates_is_one_stream() {
        let (redactor, mut parts) = (Redactor::new([SECRET]), Parts::default());
        let mut update = |text: &str| {
            let event = ToolCallUpdated {
                tool_call_id: "c".into(),
                title: None,
                output_delta: Some(text.into()),
            };
            let report = RunnerReport::Event { event: event.into() };
            match redactor.report(&mut parts, report) {
                RunnerReport::Event {
                    event: EventBody::ToolCallUpdated(update),
                } => update.output_delta,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(update("x hunter22"), Some("x ".into()));
        assert_eq!(update("-and-"), None);
        assert_eq!(update("more y"), Some("[secret] y".into()));
    }
}
