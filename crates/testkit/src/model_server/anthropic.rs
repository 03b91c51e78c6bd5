//! The anthropic dialect.

use serde_json::{Value, json};

use super::script::{Reply, Turn, is_own_text, pieces, tokens};

pub(super) fn turn(body: &Value) -> Turn {
    let messages = body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut turn = Turn {
        messages: messages.len(),
        ..Turn::default()
    };
    for message in messages.iter().filter(|message| message["role"] == "user") {
        let blocks = match &message["content"] {
            Value::String(text) => vec![json!({"type": "text", "text": text})],
            Value::Array(blocks) => blocks.clone(),
            _ => Vec::new(),
        };
        let results = blocks
            .iter()
            .filter(|block| block["type"] == "tool_result")
            .map(|block| text(&block["content"]));
        let results = results.collect::<Vec<_>>();
        let prompt = text(&Value::Array(blocks));
        if results.is_empty() {
            if !prompt.is_empty() {
                turn.prompts.push(prompt);
                turn.results.clear();
            }
        } else {
            turn.results.extend(results);
        }
    }
    let tools = body["tools"].as_array().map(Vec::as_slice).unwrap_or_default();
    turn.tools = tools
        .iter()
        .filter_map(|tool| tool["name"].as_str().map(str::to_owned))
        .collect();
    turn
}

fn text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => {
            let texts = blocks
                .iter()
                .filter(|block| block["type"] == "text")
                .filter_map(|block| block["text"].as_str());
            texts
                .filter(|text| is_own_text(text))
                .collect::<Vec<_>>()
                .join("\n")
        }
        _ => String::new(),
    }
}

fn input_usage(body_bytes: usize) -> Value {
    json!({
        "input_tokens": tokens(body_bytes), "cache_creation_input_tokens": 3, "cache_read_input_tokens": 2,
        "output_tokens": 1,
    })
}

fn stop_reason(reply: &Reply) -> &'static str {
    if reply.call.is_some() {
        "tool_use"
    } else {
        "end_turn"
    }
}

/// The reply as frames, from `message_start` to `message_stop`.
pub(super) fn frames(reply: &Reply, body: &Value, body_bytes: usize, with_usage: bool) -> Vec<String> {
    let mut message = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "content": [],
        "stop_reason": null, "stop_sequence": null,
    });
    if with_usage {
        message["usage"] = input_usage(body_bytes);
    }
    let mut events = vec![
        json!({"type": "message_start", "message": message}),
        json!({"type": "ping"}),
    ];
    let mut index = 0;
    let mut block = |start: Value, deltas: Vec<Value>| {
        events.push(json!({"type": "content_block_start", "index": index, "content_block": start}));
        events.extend(
            deltas
                .into_iter()
                .map(|delta| json!({"type": "content_block_delta", "index": index, "delta": delta})),
        );
        events.push(json!({"type": "content_block_stop", "index": index}));
        index += 1;
    };
    if let Some(reasoning) = &reply.reasoning {
        let deltas = pieces(reasoning, 3)
            .into_iter()
            .map(|part| json!({"type": "thinking_delta", "thinking": part}));
        block(
            json!({"type": "thinking", "thinking": "", "signature": ""}),
            deltas.collect(),
        );
    }
    if !reply.text.is_empty() {
        let parts = pieces(&reply.text, if reply.slow { 1 } else { 3 });
        let deltas = parts
            .into_iter()
            .map(|part| json!({"type": "text_delta", "text": part}));
        block(json!({"type": "text", "text": ""}), deltas.collect());
    }
    if let Some(call) = &reply.call {
        let arguments = call.arguments.to_string();
        let (front, back) = arguments.split_at(arguments.floor_char_boundary(arguments.len() / 2));
        let deltas = [front, back].map(|part| json!({"type": "input_json_delta", "partial_json": part}));
        block(
            json!({"type": "tool_use", "id": call.id, "name": call.name, "input": {}}),
            deltas.to_vec(),
        );
    }
    let mut end =
        json!({"type": "message_delta", "delta": {"stop_reason": stop_reason(reply), "stop_sequence": null}});
    if with_usage {
        end["usage"] = json!({"output_tokens": tokens(reply.text.len())});
    }
    events.push(end);
    events.push(json!({"type": "message_stop"}));
    let name = |event: &Value| event["type"].as_str().unwrap_or_default().to_owned();
    events
        .iter()
        .map(|event| format!("event: {}\ndata: {event}\n\n", name(event)))
        .collect()
}

/// The reply as one document.
pub(super) fn document(reply: &Reply, body: &Value, body_bytes: usize, with_usage: bool) -> Value {
    let mut content = Vec::new();
    if !reply.text.is_empty() {
        content.push(json!({"type": "text", "text": reply.text}));
    }
    if let Some(call) = &reply.call {
        content.push(json!({"type": "tool_use", "id": call.id, "name": call.name, "input": call.arguments}));
    }
    let mut document = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "content": content,
        "stop_reason": stop_reason(reply), "stop_sequence": null,
    });
    if with_usage {
        document["usage"] = input_usage(body_bytes);
        document["usage"]["output_tokens"] = json!(tokens(reply.text.len()));
    }
    document
}

pub(super) fn error(status: u16, message: &str) -> Value {
    let kind = match status {
        401 => "authentication_error",
        404 => "not_found_error",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        500.. => "api_error",
        _ => "invalid_request_error",
    };
    json!({"type": "error", "error": {"type": kind, "message": message}})
}
