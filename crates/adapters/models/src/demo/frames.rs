//! An answer in the frames of the openai-chat dialect.

use std::time::Duration;

use bytes::Bytes;
use domain::models::DEMO_MODEL;
use serde_json::{Value, json};

use super::{script::Answer, tokens};

/// Between two pieces of an ordinary answer: enough to be seen as a stream.
const STEP: Duration = Duration::from_millis(10);
/// Between two words of a slow one.
const SLOW_STEP: Duration = Duration::from_millis(50);
const ID: &str = "chatcmpl-demo";

/// Some bytes, and how long to wait before them.
pub(super) struct Piece {
    pub(super) pause: Duration,
    pub(super) bytes: Bytes,
}

/// The answer as a stream of frames.
pub(super) fn pieces(answer: &Answer, prompt_tokens: u64, with_usage: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut push = |pause: Duration, frame: &Value| {
        pieces.push(Piece {
            pause,
            bytes: Bytes::from(format!("data: {frame}\n\n")),
        });
    };
    push(
        Duration::ZERO,
        &chunk(json!({"role": "assistant", "content": ""}), None),
    );
    for part in words(answer.reasoning.as_deref().unwrap_or_default(), 3) {
        push(STEP, &chunk(json!({"reasoning_content": part}), None));
    }
    for said in &answer.texts {
        let (step, count) = if said.slow { (SLOW_STEP, 1) } else { (STEP, 3) };
        for part in words(&said.text, count) {
            push(step, &chunk(json!({"content": part}), None));
        }
    }
    if let Some(call) = &answer.tool_call {
        let head = json!({"index": 0, "id": call.id, "type": "function", "function": {"name": call.name, "arguments": ""}});
        push(Duration::ZERO, &chunk(json!({"tool_calls": [head]}), None));
        let arguments = call.arguments.to_string();
        let middle = arguments.floor_char_boundary(arguments.len() / 2);
        for part in [&arguments[..middle], &arguments[middle..]] {
            let part = json!({"index": 0, "function": {"arguments": part}});
            push(STEP, &chunk(json!({"tool_calls": [part]}), None));
        }
    }
    push(Duration::ZERO, &chunk(json!({}), Some(finish_reason(answer))));
    if with_usage {
        let mut frame = head("chat.completion.chunk");
        frame["choices"] = json!([]);
        frame["usage"] = usage(answer, prompt_tokens);
        push(Duration::ZERO, &frame);
    }
    pieces.push(Piece {
        pause: Duration::ZERO,
        bytes: Bytes::from_static(b"data: [DONE]\n\n"),
    });
    pieces
}

/// The answer as one document.
pub(super) fn whole(answer: &Answer, prompt_tokens: u64) -> Value {
    let mut message = json!({"role": "assistant", "content": answer.text()});
    if let Some(reasoning) = &answer.reasoning {
        message["reasoning_content"] = json!(reasoning);
    }
    if let Some(call) = &answer.tool_call {
        let function = json!({"name": call.name, "arguments": call.arguments.to_string()});
        message["tool_calls"] = json!([{"id": call.id, "type": "function", "function": function}]);
    }
    let mut document = head("chat.completion");
    document["choices"] = json!([{"index": 0, "message": message, "finish_reason": finish_reason(answer)}]);
    document["usage"] = usage(answer, prompt_tokens);
    document
}

fn head(object: &str) -> Value {
    json!({"id": ID, "object": object, "created": 1, "model": DEMO_MODEL})
}

fn chunk(delta: Value, finish_reason: Option<&str>) -> Value {
    let mut frame = head("chat.completion.chunk");
    frame["choices"] = json!([{"index": 0, "delta": delta, "finish_reason": finish_reason}]);
    frame
}

fn finish_reason(answer: &Answer) -> &'static str {
    if answer.tool_call.is_some() {
        "tool_calls"
    } else {
        "stop"
    }
}

fn usage(answer: &Answer, prompt_tokens: u64) -> Value {
    let reasoning = answer.reasoning.as_ref().map_or(0, |text| tokens(text.len()));
    let arguments = answer
        .tool_call
        .as_ref()
        .map_or(0, |call| call.arguments.to_string().len());
    let completion = tokens(answer.text().len() + arguments) + reasoning;
    json!({
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion,
        "total_tokens": prompt_tokens + completion,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": reasoning},
    })
}

/// The text in pieces of `count` words, white space kept.
fn words(text: &str, count: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut seen) = (0, 0);
    for (at, _) in text.match_indices(char::is_whitespace) {
        seen += 1;
        if seen == count {
            parts.push(&text[start..=at + text[at..].chars().next().map_or(0, |c| c.len_utf8() - 1)]);
            start = at + text[at..].chars().next().map_or(1, char::len_utf8);
            seen = 0;
        }
    }
    if start < text.len() {
        parts.push(&text[start..]);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_nothing() {
        for text in ["", "a", "a b c d e", "  two\u{2003}wide \n x", "ä ö ü\n"] {
            assert_eq!(words(text, 3).concat(), text);
            assert_eq!(words(text, 1).concat(), text);
        }
        assert_eq!(words("a b c d", 3), ["a b c ", "d"]);
    }
}
