//! Answers on their way through: streams, documents, usage, breaks.

use std::sync::Arc;

use crate::world::{CHAT, KEY, Ledger, MESSAGES, STREAM, caller, gateway, post, read};
use futures::StreamExt;
use gateway::{CallStatus, UsageSource};
use ports::model_gateway::ModelError;
use protocol::{MicroUsd, agent::Dialect, session::Tokens};
use testkit::fake::{Answer, ScriptedModels};
use tokio::sync::Notify;

const HELLO: &str = r#"{"choices":[{"delta":{"content":"12345678"}}]}"#;
const USAGE: &str = r#"{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":2}}"#;

fn models(answer: Answer) -> Arc<ScriptedModels> {
    let models = Arc::new(ScriptedModels::default());
    models.then(Ok(answer));
    models
}

#[tokio::test]
async fn a_stream_passes_and_is_metered() {
    let models = models(Answer::events(&[HELLO, USAGE, "[DONE]"]));
    let ledger = Arc::new(Ledger::default());
    let request = r#"{"model":"session-model","stream":true,"stream_options":{"include_usage":true},"messages":[],"api_base":"http://x"}"#;
    let answer = gateway(models.clone(), Dialect::OpenaiChat, &ledger)
        .handle(caller(), post(CHAT, request))
        .await;
    assert_eq!(
        (answer.status.as_u16(), &answer.headers["content-type"]),
        (200, &"text/event-stream".parse().unwrap())
    );
    let (text, whole) = read(answer).await;
    assert_eq!(
        (text, whole),
        (
            format!("data: {HELLO}\n\ndata: {USAGE}\n\ndata: [DONE]\n\n"),
            true
        )
    );

    let sent = &models.requests()[0];
    let body: serde_json::Value = serde_json::from_slice(&sent.body).unwrap();
    assert_eq!(
        (&body["model"], &body["api_base"]),
        (&"real-model".into(), &serde_json::Value::Null)
    );
    assert!(
        sent.headers.iter().all(|(name, _)| name != "authorization"),
        "{:?}",
        sent.headers
    );

    let [report] = &ledger.reports()[..] else {
        panic!("one report")
    };
    assert_eq!(
        report.tokens,
        Tokens {
            input: 10,
            output: 2,
            ..Tokens::default()
        }
    );
    assert_eq!(
        (report.cost, report.source),
        (Some(MicroUsd(14)), UsageSource::Metered)
    );
    assert_eq!(
        (report.status, report.generation, report.model.as_str()),
        (CallStatus::Completed, 5, "real-model")
    );
}

#[tokio::test]
async fn a_usage_frame_that_nobody_asked_for_stays_here() {
    let ledger = Arc::new(Ledger::default());
    let models = models(Answer::events(&[HELLO, USAGE, "[DONE]"]));
    let answer = gateway(models, Dialect::OpenaiChat, &ledger)
        .handle(caller(), post(CHAT, STREAM))
        .await;
    let (text, _) = read(answer).await;
    assert!(
        !text.contains("usage") && text.ends_with("data: [DONE]\n\n"),
        "{text}"
    );
    assert_eq!(ledger.reports()[0].source, UsageSource::Metered);
}

#[tokio::test]
async fn the_end_waits_until_the_usage_is_recorded() {
    let gate = Arc::new(Notify::new());
    let ledger = Arc::new(Ledger {
        gate: Some(Arc::clone(&gate)),
        ..Ledger::default()
    });
    let models = models(Answer::events(&[HELLO, USAGE, "[DONE]"]));
    let mut answer = gateway(models, Dialect::OpenaiChat, &ledger)
        .handle(caller(), post(CHAT, STREAM))
        .await;
    let mut seen = String::new();
    while !seen.contains("12345678\"}}]}\n\n") {
        seen.push_str(&String::from_utf8_lossy(
            &answer.body.next().await.unwrap().unwrap(),
        ));
    }
    // Everything the provider sent is here, and still neither the marker nor the end of the stream come out.
    for _ in 0..50 {
        tokio::task::yield_now().await;
        if let std::task::Poll::Ready(piece) = futures::poll!(answer.body.next()) {
            let piece = piece.expect("no end yet").unwrap();
            assert!(!piece.windows(6).any(|window| window == b"[DONE]"));
        }
    }
    assert!(ledger.reports().is_empty());
    gate.notify_one();
    let (rest, whole) = read(answer).await;
    assert!(rest.ends_with("data: [DONE]\n\n") && whole);
    assert_eq!(ledger.reports().len(), 1);
}

#[tokio::test]
async fn usage_that_cannot_be_recorded_cuts_the_answer() {
    let ledger = Arc::new(Ledger {
        fails: true,
        ..Ledger::default()
    });
    let models = models(Answer::events(&[HELLO, USAGE, "[DONE]"]));
    models.then(Ok(Answer::json(&serde_json::json!({"choices": []}))));
    let gateway = gateway(models, Dialect::OpenaiChat, &ledger);
    let (text, whole) = read(gateway.handle(caller(), post(CHAT, STREAM)).await).await;
    assert!(!text.contains("[DONE]") && !whole, "{text}");
    let answer = gateway.handle(caller(), post(CHAT, r#"{"messages":[]}"#)).await;
    assert_eq!(answer.status, 503);
}

#[tokio::test]
async fn a_stream_that_breaks_off_ends_as_a_break_and_is_estimated() {
    let ledger = Arc::new(Ledger::default());
    let models = models(Answer::events(&[HELLO]).then_break());
    let answer = gateway(models, Dialect::OpenaiChat, &ledger)
        .handle(caller(), post(CHAT, STREAM))
        .await;
    let (text, whole) = read(answer).await;
    assert!(text.contains("12345678") && !whole);
    let report = &ledger.reports()[0];
    assert_eq!(
        (report.source, report.status),
        (UsageSource::Estimated, CallStatus::Interrupted)
    );
    assert_eq!(report.tokens.output, 2);
    assert!(report.tokens.input > 0);
}

#[tokio::test]
async fn a_stream_without_usage_or_marker_is_estimated() {
    let ledger = Arc::new(Ledger::default());
    let models = models(Answer::events(&[HELLO]));
    let answer = gateway(models, Dialect::OpenaiChat, &ledger)
        .handle(caller(), post(CHAT, STREAM))
        .await;
    assert!(read(answer).await.1);
    assert_eq!(
        (ledger.reports()[0].source, ledger.reports()[0].status),
        (UsageSource::Estimated, CallStatus::Completed)
    );
}

#[tokio::test]
async fn a_sandbox_that_hangs_up_still_pays() {
    let ledger = Arc::new(Ledger::default());
    let mut endless = Answer::events(&[HELLO]);
    endless.chunks = (0..1000).map(|_| endless.chunks[0].clone()).collect();
    let gateway = gateway(models(endless), Dialect::OpenaiChat, &ledger);
    let mut answer = gateway.handle(caller(), post(CHAT, STREAM)).await;
    answer.body.next().await.unwrap().unwrap();
    drop(answer);
    ledger.recorded.notified().await;
    let report = &ledger.reports()[0];
    assert_eq!(
        (report.status, report.source),
        (CallStatus::Abandoned, UsageSource::Estimated)
    );
    assert!(
        report.tokens.output >= 2 && report.tokens.output < 2000,
        "{:?}",
        report.tokens
    );
}

#[tokio::test]
async fn frames_may_be_cut_anywhere() {
    let text = format!("data: {HELLO}\r\n\r\ndata: {USAGE}\r\n\r\ndata: [DONE]\r\n\r\n");
    for size in [1, 3, 7, 50] {
        let ledger = Arc::new(Ledger::default());
        let mut answer = Answer::events(&[]);
        answer.chunks = text
            .as_bytes()
            .chunks(size)
            .map(|part| Ok(bytes::Bytes::copy_from_slice(part)))
            .collect();
        let body = STREAM.replace("true", r#"true,"stream_options":{"include_usage":true}"#);
        let answer = gateway(models(answer), Dialect::OpenaiChat, &ledger)
            .handle(caller(), post(CHAT, &body))
            .await;
        assert_eq!(read(answer).await, (text.clone(), true));
        assert_eq!(ledger.reports()[0].tokens.input, 10);
    }
}

#[tokio::test]
async fn anthropic_streams_are_metered_before_their_end() {
    let ledger = Arc::new(Ledger::default());
    let start = r#"{"type":"message_start","message":{"usage":{"input_tokens":7,"output_tokens":1}}}"#;
    let delta = r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}"#;
    let stop = r#"{"type":"message_stop"}"#;
    let models = models(Answer::events(&[start, delta, stop]));
    let answer = gateway(models, Dialect::Anthropic, &ledger)
        .handle(caller(), post(MESSAGES, STREAM))
        .await;
    let (text, whole) = read(answer).await;
    assert!(text.contains("message_stop") && whole);
    assert_eq!(
        ledger.reports()[0].tokens,
        Tokens {
            input: 7,
            output: 3,
            ..Tokens::default()
        }
    );
}

#[tokio::test]
async fn documents_are_metered_too() {
    let ledger = Arc::new(Ledger::default());
    let document = serde_json::json!({
        "choices": [{"message": {"content": format!("echo {KEY}")}}],
        "usage": {"prompt_tokens": 4, "completion_tokens": 5},
    });
    let models = models(Answer::json(&document));
    let answer = gateway(models, Dialect::OpenaiChat, &ledger)
        .handle(caller(), post(CHAT, r#"{"messages":[]}"#))
        .await;
    let (text, whole) = read(answer).await;
    assert!(
        whole && !text.contains(KEY) && text.contains("[redacted]"),
        "{text}"
    );
    assert_eq!(
        ledger.reports()[0].tokens,
        Tokens {
            input: 4,
            output: 5,
            ..Tokens::default()
        }
    );
}

#[tokio::test]
async fn a_key_that_comes_back_in_a_stream_is_taken_out() {
    let ledger = Arc::new(Ledger::default());
    let frame = format!(r#"{{"choices":[{{"delta":{{"content":"{KEY}"}}}}]}}"#);
    let models = models(Answer::events(&[&frame, "[DONE]"]));
    let answer = gateway(models, Dialect::OpenaiChat, &ledger)
        .handle(caller(), post(CHAT, STREAM))
        .await;
    let (text, _) = read(answer).await;
    assert!(!text.contains(KEY) && text.contains("[redacted]"), "{text}");
}

#[tokio::test]
async fn counting_tokens_costs_nothing() {
    let ledger = Arc::new(Ledger::default());
    let models = models(Answer::json(&serde_json::json!({"input_tokens": 9})));
    let path = "/gateway/anthropic/v1/messages/count_tokens";
    let answer = gateway(models, Dialect::Anthropic, &ledger)
        .handle(caller(), post(path, r#"{"messages":[]}"#))
        .await;
    assert_eq!(read(answer).await.0, r#"{"input_tokens":9}"#);
    assert!(ledger.reports().is_empty());
}

#[tokio::test]
async fn a_provider_out_of_reach_is_a_502() {
    let ledger = Arc::new(Ledger::default());
    let models = Arc::new(ScriptedModels::default());
    models.then(Err(ModelError::Unreachable(format!("refused {KEY}"))));
    models.then(Err(ModelError::AddressNotAllowed(
        "10.0.0.1 is a private address".into(),
    )));
    let gateway = gateway(models, Dialect::OpenaiChat, &ledger);
    let answer = gateway.handle(caller(), post(CHAT, STREAM)).await;
    assert_eq!(answer.status, 502);
    let (text, _) = read(answer).await;
    assert!(
        text.contains(r#""type":"server_error""#)
            && text.contains("upstream_unreachable")
            && !text.contains(KEY)
    );
    let answer = gateway.handle(caller(), post(CHAT, STREAM)).await;
    assert_eq!(answer.status, 400, "trying again would not help");
    assert!(read(answer).await.0.contains(r#""type":"invalid_request_error""#));
    assert!(ledger.reports().is_empty());
}
