//! An answer as the stream of `POST /chat/completions`.

use serde_json::{Value, json};

use super::plan::Answer;
use crate::script::words;

fn frame(value: &Value) -> String {
    format!("data: {value}\n\n")
}

fn chunk(delta: &Value, finish: Option<&str>) -> String {
    frame(&json!({
        "id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "scripted",
        "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }],
    }))
}

pub(super) fn frames(answer: &Answer) -> Vec<String> {
    let mut frames = vec![chunk(&json!({ "role": "assistant", "content": "" }), None)];
    frames.extend(words(&answer.thinking).map(|word| chunk(&json!({ "reasoning_content": word }), None)));
    frames.extend(words(&answer.text).map(|word| chunk(&json!({ "content": word }), None)));
    if let Some((name, arguments, id)) = &answer.tool {
        let call = |value: Value| chunk(&json!({ "tool_calls": [value] }), None);
        let function = json!({ "name": name, "arguments": "" });
        frames.push(call(
            json!({ "index": 0, "id": id, "type": "function", "function": function }),
        ));
        let arguments = arguments.to_string();
        let half = arguments.floor_char_boundary(arguments.len() / 2);
        for piece in [&arguments[..half], &arguments[half..]] {
            frames.push(call(json!({ "index": 0, "function": { "arguments": piece } })));
        }
    }
    frames.push(chunk(
        &json!({}),
        Some(if answer.tool.is_some() {
            "tool_calls"
        } else {
            "stop"
        }),
    ));
    frames.push(frame(&json!({
        "id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [],
        "usage": {
            "prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12,
            "prompt_tokens_details": { "cached_tokens": 5 },
        },
    })));
    frames.push("data: [DONE]\n\n".to_owned());
    frames
}
