//! An answer as the stream of `POST /v1/messages`.

use serde_json::{Value, json};

use super::plan::Answer;
use crate::script::words;

fn frame(value: &Value) -> String {
    format!(
        "event: {}\ndata: {value}\n\n",
        value["type"].as_str().unwrap_or_default()
    )
}

fn block(frames: &mut Vec<String>, index: usize, start: &Value, deltas: impl IntoIterator<Item = Value>) {
    frames.push(frame(
        &json!({ "type": "content_block_start", "index": index, "content_block": start }),
    ));
    frames.extend(
        deltas
            .into_iter()
            .map(|delta| frame(&json!({ "type": "content_block_delta", "index": index, "delta": delta }))),
    );
    frames.push(frame(&json!({ "type": "content_block_stop", "index": index })));
}

pub(super) fn frames(answer: &Answer) -> Vec<String> {
    let mut frames = vec![frame(&json!({
        "type": "message_start",
        "message": {
            "id": "msg_1", "type": "message", "role": "assistant", "model": "scripted", "content": [],
            "stop_reason": null, "stop_sequence": null,
            "usage": { "input_tokens": 5, "output_tokens": 1, "cache_read_input_tokens": 5, "cache_creation_input_tokens": 0 },
        },
    }))];
    let mut index = 0;
    if !answer.thinking.is_empty() {
        let deltas = words(&answer.thinking)
            .map(|word| json!({ "type": "thinking_delta", "thinking": word }))
            .chain([json!({ "type": "signature_delta", "signature": "c2ln" })]);
        block(
            &mut frames,
            index,
            &json!({ "type": "thinking", "thinking": "", "signature": "" }),
            deltas,
        );
        index += 1;
    }
    if !answer.text.is_empty() {
        let deltas = words(&answer.text).map(|word| json!({ "type": "text_delta", "text": word }));
        block(&mut frames, index, &json!({ "type": "text", "text": "" }), deltas);
        index += 1;
    }
    if let Some((name, arguments, id)) = &answer.tool {
        let start = json!({ "type": "tool_use", "id": id, "name": name, "input": {} });
        let delta = json!({ "type": "input_json_delta", "partial_json": arguments.to_string() });
        block(&mut frames, index, &start, [delta]);
    }
    let reason = if answer.tool.is_some() {
        "tool_use"
    } else {
        "end_turn"
    };
    frames.push(frame(&json!({
        "type": "message_delta", "delta": { "stop_reason": reason, "stop_sequence": null }, "usage": { "output_tokens": 2 },
    })));
    frames.push(frame(&json!({ "type": "message_stop" })));
    frames
}
