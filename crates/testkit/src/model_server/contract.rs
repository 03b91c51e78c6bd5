//! What an adapter of the model gateway port must do when its provider behaves: run against a provider that
//! answers from a script (this server, or the demo model).

use bytes::Bytes;
use futures::TryStreamExt;
use ports::model_gateway::{ModelCall, ModelGateway, ModelRequest, ModelResponse, Upstream};
use serde_json::{Value, json};

/// Reads a whole body.
///
/// # Panics
/// When the stream breaks.
pub async fn read(response: ModelResponse) -> String {
    let pieces: Vec<Bytes> = response.body.try_collect().await.expect("the stream ends well");
    String::from_utf8(pieces.concat()).expect("the body is text")
}

/// A chat completion request with a shell tool.
#[must_use]
pub fn chat(upstream: &Upstream, model: &str, prompt: &str, stream: bool) -> ModelRequest {
    let body = json!({
        "model": model,
        "messages": [{"role": "user", "content": prompt}],
        "tools": [{"type": "function", "function": {"name": "bash", "parameters": {}}}],
        "stream": stream,
        "stream_options": {"include_usage": true},
    });
    request(upstream, ModelCall::ChatCompletions, &body)
}

/// A request with a JSON body.
#[must_use]
pub fn request(upstream: &Upstream, call: ModelCall, body: &Value) -> ModelRequest {
    let body = if call == ModelCall::Models {
        Bytes::new()
    } else {
        body.to_string().into()
    };
    ModelRequest {
        upstream: upstream.clone(),
        call,
        body,
        headers: Vec::new(),
    }
}

/// The whole suite, for an openai-chat upstream with one model.
///
/// # Panics
/// When the adapter does something else.
pub async fn openai_chat(gateway: &dyn ModelGateway, upstream: &Upstream, model: &str) {
    let streamed = gateway
        .send(chat(upstream, model, "Say heron.", true))
        .await
        .expect("an answer");
    assert_eq!(streamed.status, 200);
    assert!(
        streamed
            .content_type
            .as_deref()
            .is_some_and(|kind| kind.starts_with("text/event-stream"))
    );
    let text = read(streamed).await;
    let frames = text
        .split("\n\n")
        .filter_map(|frame| frame.strip_prefix("data: "))
        .collect::<Vec<_>>();
    assert_eq!(frames.last(), Some(&"[DONE]"));
    let frames = frames[..frames.len() - 1]
        .iter()
        .map(|frame| serde_json::from_str(frame).expect("JSON"));
    let frames = frames.collect::<Vec<Value>>();
    let said = frames
        .iter()
        .filter_map(|frame| frame["choices"][0]["delta"]["content"].as_str())
        .collect::<String>();
    assert!(said.contains("Say heron."), "{said}");
    let usage = frames
        .iter()
        .find(|frame| frame["usage"].is_object())
        .expect("a usage frame");
    assert!(
        usage["usage"]["prompt_tokens"]
            .as_u64()
            .is_some_and(|count| count > 0)
    );

    let called = read(
        gateway
            .send(chat(upstream, model, "run: echo hi", true))
            .await
            .expect("an answer"),
    )
    .await;
    assert!(
        called.contains(r#""name":"bash""#) && called.contains(r#""finish_reason":"tool_calls""#),
        "{called}"
    );

    let whole = gateway
        .send(chat(upstream, model, "Say heron.", false))
        .await
        .expect("an answer");
    assert!(
        whole
            .content_type
            .as_deref()
            .is_some_and(|kind| kind.starts_with("application/json"))
    );
    let whole: Value = serde_json::from_str(&read(whole).await).expect("JSON");
    assert!(
        whole["choices"][0]["message"]["content"]
            .as_str()
            .is_some_and(|text| text.contains("heron"))
    );

    let models = gateway
        .send(request(upstream, ModelCall::Models, &Value::Null))
        .await
        .expect("an answer");
    assert_eq!(models.status, 200);
    let models: Value = serde_json::from_str(&read(models).await).expect("JSON");
    assert!(models["data"].is_array());

    // A refusal of the provider is an answer, not an error of the port.
    let mut bad = chat(upstream, model, "x", true);
    bad.body = Bytes::from_static(b"{}");
    let bad = gateway.send(bad).await.expect("an answer");
    assert!((400..500).contains(&bad.status), "{}", bad.status);
    let bad: Value = serde_json::from_str(&read(bad).await).expect("JSON");
    assert_eq!(bad["error"]["type"], "invalid_request_error");
}
