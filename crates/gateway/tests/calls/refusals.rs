//! What is refused, and in which words.

use std::sync::Arc;

use crate::world::{CHAT, CREDENTIAL, KEY, Ledger, MESSAGES, OneGrant, STREAM, caller, gateway, post, read};
use bytes::Bytes;
use gateway::{Gateway, GrantError, MAX_BODY_BYTES};
use http::Method;
use protocol::agent::Dialect;
use serde_json::{Value, json};
use testkit::fake::{Answer, ScriptedModels};

async fn error_of(answer: gateway::GatewayResponse) -> (u16, Value) {
    let status = answer.status.as_u16();
    (
        status,
        serde_json::from_str(&read(answer).await.0).expect("a JSON body"),
    )
}

#[tokio::test]
async fn other_routes_do_not_exist() {
    let models = Arc::new(ScriptedModels::default());
    let gateway = gateway(models.clone(), Dialect::OpenaiChat, &Arc::default());
    for path in [
        "/gateway/openai-chat/v1/embeddings",
        "/gateway/openai-responses/v1/responses",
        "/gateway/x",
        "/v1/chat/completions",
    ] {
        let (status, body) = error_of(gateway.handle(caller(), post(path, "{}")).await).await;
        assert_eq!(
            (status, &body["error"]["type"]),
            (404, &"invalid_request_error".into()),
            "{path}"
        );
    }
    let (status, body) = error_of(
        gateway
            .handle(caller(), post("/gateway/anthropic/v1/x", "{}"))
            .await,
    )
    .await;
    assert_eq!(
        (status, &body["type"], &body["error"]["type"]),
        (404, &"error".into(), &"not_found_error".into())
    );
    assert!(models.requests().is_empty());
}

#[tokio::test]
async fn the_credential_is_needed_in_any_of_its_places() {
    let models = Arc::new(ScriptedModels::default());
    let gateway = gateway(models.clone(), Dialect::Anthropic, &Arc::default());
    let with = |name: &'static str, value: &str| {
        let mut request = post(MESSAGES, "{}");
        request.headers.remove("authorization");
        if !value.is_empty() {
            request.headers.insert(name, value.parse().unwrap());
        }
        gateway.handle(caller(), request)
    };
    for (name, value) in [
        ("x", ""),
        ("authorization", "Bearer other"),
        ("authorization", CREDENTIAL),
        ("x-api-key", "other"),
    ] {
        let (status, body) = error_of(with(name, value).await).await;
        assert_eq!(
            (status, &body["error"]["type"]),
            (401, &"authentication_error".into()),
            "{name} {value}"
        );
    }
    assert!(models.requests().is_empty());
    assert_eq!(
        with("x-api-key", CREDENTIAL).await.status,
        502,
        "through to the provider"
    );
    assert_eq!(models.requests().len(), 1);
}

#[tokio::test]
async fn a_dialect_must_fit_and_a_body_must_be_an_object_of_bounded_size() {
    let models = Arc::new(ScriptedModels::default());
    let gateway = gateway(models.clone(), Dialect::OpenaiChat, &Arc::default());
    let (status, body) = error_of(gateway.handle(caller(), post(MESSAGES, "{}")).await).await;
    assert_eq!(
        (status, &body["error"]["type"]),
        (400, &"invalid_request_error".into())
    );
    assert_eq!(
        error_of(gateway.handle(caller(), post(CHAT, "[]")).await).await.0,
        400
    );
    let mut large = post(CHAT, "");
    large.body = Bytes::from(vec![b' '; MAX_BODY_BYTES + 1]);
    assert_eq!(error_of(gateway.handle(caller(), large).await).await.0, 413);
    assert!(models.requests().is_empty());
}

#[tokio::test]
async fn refused_grants_say_so_in_a_way_that_agents_understand() {
    for (refusal, status, kind, code, retry) in [
        (
            GrantError::BudgetExhausted("5 USD of org".into()),
            400,
            "invalid_request_error",
            "budget_exhausted",
            None,
        ),
        (
            GrantError::ModelUnavailable("deleted".into()),
            400,
            "invalid_request_error",
            "model_not_available",
            None,
        ),
        (
            GrantError::RateLimited { retry_after_s: 9 },
            429,
            "rate_limit_error",
            "rate_limited",
            Some("9"),
        ),
        (
            GrantError::Unavailable,
            503,
            "server_error",
            "gateway_unavailable",
            Some("2"),
        ),
    ] {
        let grants = Arc::new(OneGrant {
            dialect: Dialect::OpenaiChat,
            refusal: Some(refusal),
        });
        let gateway = Gateway::new(
            Arc::new(ScriptedModels::default()),
            grants,
            Arc::new(Ledger::default()),
        );
        let answer = gateway.handle(caller(), post(CHAT, STREAM)).await;
        assert_eq!(
            answer
                .headers
                .get("retry-after")
                .and_then(|value| value.to_str().ok()),
            retry
        );
        let (seen, body) = error_of(answer).await;
        assert_eq!(
            (seen, &body["error"]["type"], &body["error"]["code"]),
            (status, &kind.into(), &code.into())
        );
    }
}

#[tokio::test]
async fn the_list_of_models_is_the_alias() {
    let models = Arc::new(ScriptedModels::default());
    let gateway = gateway(models.clone(), Dialect::OpenaiChat, &Arc::default());
    let mut request = post("/gateway/openai-chat/v1/models", "");
    request.method = Method::GET;
    let (status, body) = error_of(gateway.handle(caller(), request).await).await;
    assert_eq!((status, &body["data"][0]["id"]), (200, &"session-model".into()));
    assert!(!body.to_string().contains("real-model"));
    assert!(models.requests().is_empty());
}

#[tokio::test]
async fn a_providers_error_is_passed_on_honestly_and_without_keys() {
    let models = Arc::new(ScriptedModels::default());
    let ledger = Arc::new(Ledger::default());
    let gateway = gateway(models.clone(), Dialect::OpenaiChat, &ledger);
    let upstream = |status: u16, body: Value| {
        let mut answer = Answer::json(&body);
        answer.status = status;
        models.then(Ok(answer.retry_after("3")));
        gateway.handle(caller(), post(CHAT, STREAM))
    };
    let message = format!("wrong key {KEY} or sk-live-12345678, Bearer abcdefgh");
    let misnamed =
        json!({"error": {"message": message, "type": "server_error", "code": "internal_server_error"}});

    let answer = upstream(400, misnamed.clone()).await;
    assert_eq!(answer.headers["retry-after"], "3");
    let (status, body) = error_of(answer).await;
    assert_eq!(
        (status, &body["error"]["type"], &body["error"]["code"]),
        (400, &"invalid_request_error".into(), &"upstream_error".into())
    );
    let text = body.to_string();
    assert!(
        !text.contains(KEY) && !text.contains("sk-live") && !text.contains("abcdefgh"),
        "{text}"
    );
    assert!(text.contains("wrong key"));

    let (status, body) = error_of(upstream(500, misnamed).await).await;
    assert_eq!((status, &body["error"]["type"]), (500, &"server_error".into()));

    models.then(Ok(Answer {
        status: 404,
        content_type: None,
        retry_after: None,
        chunks: vec![Ok("<h1>no</h1>".into())],
    }));
    let (status, body) = error_of(gateway.handle(caller(), post(CHAT, STREAM)).await).await;
    assert_eq!(
        (status, &body["error"]["type"]),
        (404, &"invalid_request_error".into())
    );
    assert!(body["error"]["message"].as_str().unwrap().contains("<h1>no</h1>"));

    let endless = vec![Ok(Bytes::from(vec![b'x'; 60_000])); 100];
    models.then(Ok(Answer {
        status: 400,
        content_type: None,
        retry_after: None,
        chunks: endless,
    }));
    let (_, body) = error_of(gateway.handle(caller(), post(CHAT, STREAM)).await).await;
    assert!(body.to_string().len() < 5_000);
    assert!(ledger.reports().is_empty(), "a refused call used nothing");
}
