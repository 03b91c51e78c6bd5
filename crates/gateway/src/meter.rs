//! Counts tokens while an answer passes by.

use protocol::{agent::Dialect, session::Tokens};
use serde_json::Value;

use crate::usage::UsageSource;

/// More than any call can use; a larger count of a provider is not believed.
const MAX_TOKENS: u64 = 1_000_000_000;

/// What a line of a stream means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The agent takes the answer as complete when it sees this.
    End,
    /// A frame that is there for its usage alone.
    UsageOnly,
    Other,
}

#[derive(Debug)]
pub(crate) struct Meter {
    dialect: Dialect,
    request_bytes: usize,
    /// Bytes of generated text, for an estimate.
    output_bytes: u64,
    input: Option<u64>,
    cached: u64,
    output: Option<u64>,
    reasoning: u64,
}

impl Meter {
    pub(crate) fn new(dialect: Dialect, request_bytes: usize) -> Self {
        Self {
            dialect,
            request_bytes,
            output_bytes: 0,
            input: None,
            cached: 0,
            output: None,
            reasoning: 0,
        }
    }

    /// Looks at one line of server-sent events.
    pub(crate) fn line(&mut self, line: &[u8]) -> Meaning {
        let line = line.trim_ascii();
        if self.dialect == Dialect::Anthropic && field(line, b"event:") == Some(b"message_stop") {
            return Meaning::End;
        }
        let Some(data) = field(line, b"data:") else {
            return Meaning::Other;
        };
        if data == b"[DONE]" {
            return Meaning::End;
        }
        let Ok(frame) = serde_json::from_slice::<Value>(data) else {
            return Meaning::Other;
        };
        match self.dialect {
            Dialect::Anthropic => self.anthropic_frame(&frame),
            _ => self.openai_frame(&frame),
        }
    }

    /// Looks at an answer that is one document.
    pub(crate) fn document(&mut self, bytes: &[u8]) {
        let Ok(document) = serde_json::from_slice::<Value>(bytes) else {
            self.output_bytes = bytes.len() as u64;
            return;
        };
        match self.dialect {
            Dialect::Anthropic => {
                self.anthropic_usage(&document["usage"]);
                let blocks = document["content"]
                    .as_array()
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                self.output_bytes += blocks.iter().map(text_bytes).sum::<u64>();
            }
            _ => {
                self.openai_usage(&document["usage"]);
                let choices = document["choices"]
                    .as_array()
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                self.output_bytes += choices
                    .iter()
                    .map(|choice| text_bytes(&choice["message"]))
                    .sum::<u64>();
            }
        }
    }

    /// The count so far; metered when the provider gave both halves.
    pub(crate) fn tally(&self) -> (Tokens, UsageSource) {
        let source = match (self.input, self.output) {
            (Some(_), Some(_)) => UsageSource::Metered,
            _ => UsageSource::Estimated,
        };
        let estimate = |bytes: u64| bytes.div_ceil(4);
        let input = self.input.unwrap_or_else(|| estimate(self.request_bytes as u64));
        let output = self.output.unwrap_or_else(|| estimate(self.output_bytes));
        let tokens = Tokens {
            input,
            output,
            cached: self.cached.min(input),
            reasoning: self.reasoning.min(output),
        };
        (tokens, source)
    }

    fn openai_frame(&mut self, frame: &Value) -> Meaning {
        self.openai_usage(&frame["usage"]);
        let choices = frame["choices"].as_array().map(Vec::as_slice).unwrap_or_default();
        self.output_bytes += choices
            .iter()
            .map(|choice| text_bytes(&choice["delta"]))
            .sum::<u64>();
        if choices.is_empty() && frame["usage"].is_object() {
            Meaning::UsageOnly
        } else {
            Meaning::Other
        }
    }

    fn openai_usage(&mut self, usage: &Value) {
        let (Some(input), Some(output)) =
            (count(&usage["prompt_tokens"]), count(&usage["completion_tokens"]))
        else {
            return;
        };
        self.input = Some(input);
        self.output = Some(output);
        self.cached = count(&usage["prompt_tokens_details"]["cached_tokens"]).unwrap_or_default();
        self.reasoning = count(&usage["completion_tokens_details"]["reasoning_tokens"]).unwrap_or_default();
    }

    fn anthropic_frame(&mut self, frame: &Value) -> Meaning {
        match frame["type"].as_str() {
            Some("message_start") => {
                // Its output count is a beginning, not a result.
                self.anthropic_usage(&frame["message"]["usage"]);
                self.output = None;
            }
            Some("content_block_delta") => self.output_bytes += text_bytes(&frame["delta"]),
            Some("message_delta") => self.anthropic_usage(&frame["usage"]),
            Some("message_stop") => return Meaning::End,
            _ => {}
        }
        Meaning::Other
    }

    fn anthropic_usage(&mut self, usage: &Value) {
        let cached = count(&usage["cache_read_input_tokens"]);
        if let Some(input) = count(&usage["input_tokens"]) {
            let created = count(&usage["cache_creation_input_tokens"]).unwrap_or_default();
            // The last frame may repeat a part of the first one's counts; the larger is the whole.
            let whole = input + created + cached.unwrap_or_default();
            self.input = Some(self.input.unwrap_or_default().max(whole));
        }
        self.cached = self.cached.max(cached.unwrap_or_default());
        if let Some(output) = count(&usage["output_tokens"]) {
            self.output = Some(output);
        }
    }
}

fn field<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    line.strip_prefix(name).map(<[u8]>::trim_ascii)
}

fn count(value: &Value) -> Option<u64> {
    value.as_u64().filter(|count| *count <= MAX_TOKENS)
}

/// Bytes of text anywhere in a delta, message or content block, names of fields and kinds left out.
fn text_bytes(value: &Value) -> u64 {
    match value {
        Value::String(text) => text.len() as u64,
        Value::Array(items) => items.iter().map(text_bytes).sum(),
        Value::Object(fields) => {
            let skipped = |name: &str| matches!(name, "type" | "role" | "id" | "index" | "signature");
            fields
                .iter()
                .filter(|(name, _)| !skipped(name))
                .map(|(_, value)| text_bytes(value))
                .sum()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter(dialect: Dialect, lines: &[&str]) -> (Tokens, UsageSource) {
        let mut meter = Meter::new(dialect, 400);
        lines.iter().for_each(|line| {
            meter.line(line.as_bytes());
        });
        meter.tally()
    }

    #[test]
    fn openai_usage_is_taken_from_its_frame() {
        let lines = [
            r#"data: {"choices":[{"delta":{"content":"hello"}}],"usage":null}"#,
            r#"data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":5},"completion_tokens_details":{"reasoning_tokens":1}}}"#,
            "data: [DONE]",
        ];
        let expected = Tokens {
            input: 10,
            output: 2,
            cached: 5,
            reasoning: 1,
        };
        assert_eq!(
            meter(Dialect::OpenaiChat, &lines),
            (expected, UsageSource::Metered)
        );
    }

    #[test]
    fn without_usage_bytes_are_counted() {
        let lines = [
            r#"data: {"choices":[{"delta":{"role":"assistant","content":"12345678"}}]}"#,
            "data: [DONE]",
        ];
        let expected = Tokens {
            input: 100,
            output: 2,
            ..Tokens::default()
        };
        assert_eq!(
            meter(Dialect::OpenaiChat, &lines),
            (expected, UsageSource::Estimated)
        );
    }

    #[test]
    fn anthropic_usage_comes_in_two_halves() {
        let start = r#"data: {"type":"message_start","message":{"usage":{"input_tokens":10,"cache_creation_input_tokens":3,"cache_read_input_tokens":2,"output_tokens":1}}}"#;
        let text = r#"data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"1234"}}"#;
        let end = r#"data: {"type":"message_delta","delta":{},"usage":{"output_tokens":7}}"#;
        let whole = Tokens {
            input: 15,
            output: 7,
            cached: 2,
            reasoning: 0,
        };
        assert_eq!(
            meter(Dialect::Anthropic, &[start, text, end]),
            (whole, UsageSource::Metered)
        );
        let half = Tokens {
            input: 15,
            output: 1,
            cached: 2,
            reasoning: 0,
        };
        assert_eq!(
            meter(Dialect::Anthropic, &[start, text]),
            (half, UsageSource::Estimated)
        );
    }

    #[test]
    fn counts_beyond_belief_are_estimated() {
        let line =
            r#"data: {"choices":[],"usage":{"prompt_tokens":18446744073709551615,"completion_tokens":-1}}"#;
        assert_eq!(meter(Dialect::OpenaiChat, &[line]).1, UsageSource::Estimated);
    }

    #[test]
    fn the_end_is_recognised() {
        let mut openai = Meter::new(Dialect::OpenaiChat, 0);
        assert_eq!(openai.line(b"data: [DONE]\r\n"), Meaning::End);
        assert_eq!(openai.line(b"data:[DONE]\n"), Meaning::End);
        assert_eq!(openai.line(b": comment\n"), Meaning::Other);
        assert_eq!(openai.line(b"data: {broken\n"), Meaning::Other);
        let usage = br#"data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#;
        assert_eq!(openai.line(usage), Meaning::UsageOnly);
        let mut anthropic = Meter::new(Dialect::Anthropic, 0);
        assert_eq!(anthropic.line(b"event: message_stop\n"), Meaning::End);
        assert_eq!(anthropic.line(br#"data: {"type":"message_stop"}"#), Meaning::End);
    }
}
