//! A provider's API over HTTP: what reaches it, what is passed on, and what is never connected to.

mod common;

use std::{io, net::IpAddr, sync::Arc};

use async_trait::async_trait;
use common::{direct, guard, upstream};
use futures::StreamExt;
use models::{Direct, Lookup};
use ports::model_gateway::{ModelCall, ModelError, ModelGateway, ModelResponse};
use protocol::agent::Dialect;
use serde_json::json;
use testkit::model_server::{Fault, ModelServer, Times, contract};

#[tokio::test]
async fn the_contract_holds() {
    let server = ModelServer::start().await.unwrap();
    let upstream = upstream("hub", Dialect::OpenaiChat, Some(&server.url_openai()));
    contract::openai_chat(&direct(guard("true")), &upstream, "m1").await;
    for request in server.requests() {
        assert_eq!(request.authorization.as_deref(), Some("Bearer sk-tenant-key"));
        assert!(request.api_key.is_none());
    }
}

#[tokio::test]
async fn anthropic_has_its_own_headers_and_paths() {
    let server = ModelServer::start().await.unwrap();
    let gateway = direct(guard("127.0.0.1"));
    let body = json!({"model": "m", "stream": true, "messages": [{"role": "user", "content": "hi"}], "tools": [{"name": "Bash"}]});
    for base in [server.url_anthropic(), format!("{}/v1", server.url_anthropic())] {
        let upstream = upstream("claude", Dialect::Anthropic, Some(&base));
        let mut request = contract::request(&upstream, ModelCall::Messages, &body);
        request.headers = vec![
            ("anthropic-beta".into(), "b1".into()),
            ("Authorization".into(), "Bearer other".into()),
            ("x-api-key".into(), "other".into()),
            ("cookie".into(), "c=1".into()),
            ("x-forwarded-for".into(), "10.0.0.1".into()),
        ];
        let text = contract::read(gateway.send(request).await.unwrap()).await;
        assert!(text.contains("event: message_stop"), "{text}");
        let count = contract::request(&upstream, ModelCall::CountTokens, &body);
        assert_eq!(gateway.send(count).await.unwrap().status, 200);
    }
    let requests = server.requests();
    let paths = requests
        .iter()
        .map(|request| request.path.as_str())
        .collect::<Vec<_>>();
    assert_eq!(
        paths,
        [
            "/v1/messages",
            "/v1/messages/count_tokens",
            "/v1/messages",
            "/v1/messages/count_tokens"
        ]
    );
    for request in &requests {
        assert_eq!(request.api_key.as_deref(), Some("sk-tenant-key"));
        assert_eq!(request.headers["anthropic-version"], "2023-06-01");
        for name in ["authorization", "cookie", "x-forwarded-for"] {
            assert!(!request.headers.contains_key(name), "{name}");
        }
    }
    assert_eq!(requests[0].headers["anthropic-beta"], "b1");
}

async fn refused(gateway: &Direct, base: &str) -> ModelError {
    let upstream = upstream("hub", Dialect::OpenaiChat, Some(base));
    gateway
        .send(contract::chat(&upstream, "m", "x", true))
        .await
        .expect_err(base)
}

fn not_allowed(error: &ModelError) -> bool {
    matches!(error, ModelError::AddressNotAllowed(_))
}

#[tokio::test]
async fn private_and_own_addresses_are_never_connected_to() {
    let server = ModelServer::start().await.unwrap();
    let port = server.address().port();
    for private in ["", "10.0.0.0/8"] {
        let gateway = direct(guard(private));
        for host in [
            "127.0.0.1",
            "localhost",
            "2130706433",
            "0x7f.1",
            "[::ffff:127.0.0.1]",
            "[::1]",
            "0.0.0.0",
        ] {
            let error = refused(&gateway, &format!("http://{host}:{port}/v1")).await;
            assert!(not_allowed(&error), "{host}: {error}");
        }
    }
    let mut open = guard("true");
    open.own_listeners.push(server.address());
    let gateway = direct(open);
    for base in [
        server.url_openai(),
        format!("http://localhost:{port}/v1"),
        "http://169.254.169.254/v1".into(),
        "http://[fe80::1]/v1".into(),
    ] {
        assert!(not_allowed(&refused(&gateway, &base).await), "{base}");
    }
    assert!(server.requests().is_empty());
}

struct Names(Vec<IpAddr>);

#[async_trait]
impl Lookup for Names {
    async fn lookup(&self, _name: &str) -> io::Result<Vec<IpAddr>> {
        Ok(self.0.clone())
    }
}

#[tokio::test]
async fn a_name_is_judged_by_the_address_it_leads_to_and_the_port() {
    let server = ModelServer::start().await.unwrap();
    let port = server.address().port();
    let names = || {
        Arc::new(Names(vec![
            "169.254.169.254".parse().unwrap(),
            "127.0.0.1".parse().unwrap(),
        ]))
    };
    let base = format!("http://models.example:{port}/v1");

    let closed = Direct::new(Arc::new(guard(&format!("127.0.0.1:{}", port ^ 1))), names());
    let error = refused(&closed, &base).await;
    assert!(
        not_allowed(&error) && error.to_string().contains("models.example"),
        "{error}"
    );

    // Only the allowed one of its two addresses is connected to.
    let open = Direct::new(Arc::new(guard(&format!("127.0.0.1:{port}"))), names());
    let upstream = upstream("hub", Dialect::OpenaiChat, Some(&base));
    let answer = open
        .send(contract::chat(&upstream, "m", "x", true))
        .await
        .unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(
        server.requests()[0].headers["host"],
        format!("models.example:{port}")
    );
}

#[tokio::test]
async fn failures_are_told_apart_and_hold_no_key() {
    let server = ModelServer::start().await.unwrap();
    let gateway = direct(guard("true"));
    let upstream = upstream("hub", Dialect::OpenaiChat, Some(&server.url_openai()));
    let send = || gateway.send(contract::chat(&upstream, "m", "a b c d e f g h", true));

    server.misbehave(
        Some("m"),
        Fault::Status {
            status: 429,
            retry_after: Some(7),
        },
        Times::First(1),
    );
    let answer = send().await.unwrap();
    assert_eq!((answer.status, answer.retry_after.as_deref()), (429, Some("7")));

    server.misbehave(Some("m"), Fault::CloseAfter { frames: 2 }, Times::First(1));
    let ModelResponse { mut body, .. } = send().await.unwrap();
    let mut last = None;
    while let Some(piece) = body.next().await {
        last = Some(piece);
    }
    let Some(Err(error @ ModelError::Interrupted(_))) = last else {
        panic!("expected a break, got {last:?}")
    };
    assert!(!error.to_string().contains("sk-tenant"), "{error}");

    let raw = Fault::Raw {
        status: 307,
        content_type: "text/plain".into(),
        body: String::new(),
    };
    server.misbehave(None, raw, Times::First(1));
    assert!(matches!(send().await.err(), Some(ModelError::Unreachable(text)) if text.contains("redirect")));

    server.accept_keys(["another"]);
    assert_eq!(send().await.unwrap().status, 401);

    let base = server.url_openai();
    drop(server);
    // The port is closed as soon as the task that holds the listener is gone.
    let error = loop {
        match gateway
            .send(contract::chat(
                &common::upstream("hub", Dialect::OpenaiChat, Some(&base)),
                "m",
                "x",
                true,
            ))
            .await
        {
            Err(error) => break error,
            Ok(_) => tokio::task::yield_now().await,
        }
    };
    assert!(matches!(error, ModelError::Unreachable(_)), "{error}");
    assert!(
        !error.to_string().contains("sk-tenant") && !error.to_string().contains("http://"),
        "{error}"
    );
}

#[tokio::test]
async fn the_contract_of_the_port_holds() {
    let gateway: Arc<dyn ModelGateway> = Arc::new(direct(guard("127.0.0.1")));
    let harness = testkit::contract::model_gateway::OverHttp::new(move || Arc::clone(&gateway));
    testkit::contract::model_gateway::run("direct", &harness).await;
}
