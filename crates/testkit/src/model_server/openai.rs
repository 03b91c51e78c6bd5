//! The openai-chat dialect.

use serde_json::{Value, json};

use super::script::{Reply, Turn, is_own_text, pieces, tokens};

pub(super) fn turn(body: &Value) -> Turn {
    let messages = body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut turn = Turn {
        messages: messages.len(),
        ..Turn::default()
    };
    for message in messages {
        let text = text(&message["content"]);
        match message["role"].as_str() {
            Some("user") if !text.is_empty() => {
                turn.prompts.push(text);
                turn.results.clear();
            }
            Some("tool") => turn.results.push(text),
            _ => {}
        }
    }
    let tools = body["tools"].as_array().map(Vec::as_slice).unwrap_or_default();
    turn.tools = tools
        .iter()
        .filter_map(|tool| tool["function"]["name"].as_str().map(str::to_owned))
        .collect();
    turn
}

fn text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts = parts
                .iter()
                .filter_map(|part| part["text"].as_str())
                .filter(|text| is_own_text(text));
            texts.collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

fn usage(reply: &Reply, body_bytes: usize) -> Value {
    let (input, output) = (tokens(body_bytes), tokens(reply.text.len()));
    json!({
        "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output,
        "prompt_tokens_details": {"cached_tokens": 2.min(input)},
    })
}

/// The reply as frames, usage and `[DONE]` included.
pub(super) fn frames(reply: &Reply, body: &Value, body_bytes: usize, with_usage: bool) -> Vec<String> {
    let chunk = |choices: Value| json!({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": body["model"], "choices": choices});
    let delta = |delta: Value, reason: Option<&str>| {
        chunk(json!([{"index": 0, "delta": delta, "finish_reason": reason}]))
    };
    let mut frames = vec![delta(json!({"role": "assistant", "content": ""}), None)];
    for part in reply.reasoning.iter().flat_map(|text| pieces(text, 3)) {
        frames.push(delta(json!({"reasoning_content": part}), None));
    }
    for part in pieces(&reply.text, if reply.slow { 1 } else { 3 }) {
        frames.push(delta(json!({"content": part}), None));
    }
    if let Some(call) = &reply.call {
        let head = json!({"index": 0, "id": call.id, "type": "function", "function": {"name": call.name, "arguments": ""}});
        frames.push(delta(json!({"tool_calls": [head]}), None));
        let arguments = call.arguments.to_string();
        let (front, back) = arguments.split_at(arguments.floor_char_boundary(arguments.len() / 2));
        for part in [front, back] {
            frames.push(delta(
                json!({"tool_calls": [{"index": 0, "function": {"arguments": part}}]}),
                None,
            ));
        }
    }
    frames.push(delta(
        json!({}),
        Some(if reply.call.is_some() {
            "tool_calls"
        } else {
            "stop"
        }),
    ));
    if with_usage && body["stream_options"]["include_usage"] == true {
        let mut last = chunk(json!([]));
        last["usage"] = usage(reply, body_bytes);
        frames.push(last);
    }
    let mut frames = frames
        .iter()
        .map(|frame| format!("data: {frame}\n\n"))
        .collect::<Vec<_>>();
    frames.push("data: [DONE]\n\n".into());
    frames
}

/// The reply as one document.
pub(super) fn document(reply: &Reply, body: &Value, body_bytes: usize, with_usage: bool) -> Value {
    let mut message = json!({"role": "assistant", "content": reply.text});
    if let Some(call) = &reply.call {
        let function = json!({"name": call.name, "arguments": call.arguments.to_string()});
        message["tool_calls"] = json!([{"id": call.id, "type": "function", "function": function}]);
    }
    let reason = if reply.call.is_some() {
        "tool_calls"
    } else {
        "stop"
    };
    let mut document = json!({
        "id": "c1", "object": "chat.completion", "created": 1, "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
    });
    if with_usage {
        document["usage"] = usage(reply, body_bytes);
    }
    document
}

pub(super) fn error(status: u16, message: &str) -> Value {
    let kind = match status {
        429 => "rate_limit_error",
        500.. => "server_error",
        _ => "invalid_request_error",
    };
    json!({"error": {"message": message, "type": kind, "code": null, "param": null}})
}
