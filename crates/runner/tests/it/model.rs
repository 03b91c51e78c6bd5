//! The loopback model endpoint: streaming, authentication, and patience while the server restarts.

use crate::support::Server;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use runner::{
    model::Endpoint,
    spool::{Limits, Spool},
    uplink::{Address, Identity, Uplink},
};
use tempfile::TempDir;
use tokio::net::TcpStream;

struct Set {
    server: Server,
    endpoint: Endpoint,
    _dir: TempDir,
}

async fn set() -> Set {
    let (server, dir) = (Server::start().await, tempfile::tempdir().unwrap());
    let identity = Identity {
        address: Address::parse(&server.url()).unwrap(),
        session_id: protocol::SessionId::new(0, 1),
        sandbox_id: protocol::SandboxId::new(0, 2),
        generation: 5,
        token: "one-time".into(),
        secret: "the-secret".into(),
    };
    let (uplink, _running) = Uplink::start(identity, Spool::open(dir.path(), 5, Limits::default()).unwrap());
    let endpoint = Endpoint::start(uplink).await.unwrap();
    Set {
        server,
        endpoint,
        _dir: dir,
    }
}

async fn call(endpoint: &Endpoint, path: &str, key: (&str, &str)) -> Response<Incoming> {
    let address = endpoint.url().replace("http://", "");
    let stream = TcpStream::connect(&address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    let request = Request::post(path)
        .header("host", address)
        .header(key.0, key.1)
        .header("anthropic-version", "2023-06-01")
        .header("coordinator-session", "forged")
        .body(Full::new(Bytes::from_static(b"{\"stream\":true}")))
        .unwrap();
    sender.send_request(request).await.unwrap()
}

#[tokio::test]
async fn answers_are_streamed_as_they_come() {
    let set = set().await;
    set.server
        .gateway
        .send(Bytes::from_static(b"data: 1\n\n"))
        .unwrap();
    let key = format!("Bearer {}", set.endpoint.key());
    let path = "/openai-chat/v1/chat/completions?x=1";
    let mut response = call(&set.endpoint, path, ("authorization", &key)).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    // The first piece arrives while the server still holds the second.
    let first = response
        .body_mut()
        .frame()
        .await
        .unwrap()
        .unwrap()
        .into_data()
        .unwrap();
    assert_eq!(first, "data: 1\n\n");
    set.server
        .gateway
        .send(Bytes::from_static(b"data: 2\n\n"))
        .unwrap();
    set.server.gateway.send(Bytes::new()).unwrap();
    assert_eq!(
        response.into_body().collect().await.unwrap().to_bytes(),
        "data: 2\n\n"
    );

    let (uri, headers, body) = set.server.gateway_calls().remove(0);
    assert_eq!(uri, "/gateway/openai-chat/v1/chat/completions?x=1");
    assert_eq!(body, "{\"stream\":true}");
    assert_eq!(headers["authorization"], "Bearer the-secret");
    assert_eq!(
        headers["coordinator-session"],
        protocol::SessionId::new(0, 1).to_string()
    );
    assert_eq!(headers["coordinator-generation"], "5");
    assert_eq!(headers["anthropic-version"], "2023-06-01");
}

#[tokio::test]
async fn only_the_agents_key_opens_it() {
    let set = set().await;
    for key in [
        ("authorization", "Bearer wrong"),
        ("x-api-key", ""),
        ("x-other", "x"),
    ] {
        let response = call(&set.endpoint, "/anthropic/v1/messages", key).await;
        assert_eq!(response.status(), 401);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["error"]["code"], "invalid_model_key");
    }
    let response = call(
        &set.endpoint,
        "/v1/runner/connect",
        ("x-api-key", set.endpoint.key()),
    )
    .await;
    assert_eq!(response.status(), 404);
    assert!(set.server.gateway_calls().is_empty());
}

#[tokio::test]
async fn a_call_outlives_a_restart_of_the_server() {
    let set = set().await;
    set.server.drop_gateway_calls(2);
    set.server.gateway.send(Bytes::from_static(b"ok")).unwrap();
    set.server.gateway.send(Bytes::new()).unwrap();
    let response = call(
        &set.endpoint,
        "/anthropic/v1/messages",
        ("x-api-key", set.endpoint.key()),
    )
    .await;
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "ok");
    let calls = set.server.gateway_calls();
    assert_eq!(calls.len(), 3);
    assert!(
        calls
            .iter()
            .all(|(_, headers, _)| headers.get("x-api-key").is_none())
    );
}
