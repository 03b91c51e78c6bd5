//! The way to a model: bytes and status come through as they are, failures are told apart, the key stays hidden.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use ports::{
    ModelGateway,
    model_gateway::{ModelCall, ModelError, ModelRequest, ModelResponse, Upstream},
};
use protocol::agent::Dialect;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    fake::{Answer, ScriptedModels},
    scene_server::{Scene, SceneServer, closed_port},
};

const KEY: &str = "sk-contract-secret-0123456789";

/// A provider on the other side.
#[async_trait]
pub trait Harness: Send + Sync {
    /// A gateway and where to send to so that `scene` plays; `None` = nobody listens there.
    async fn stage(&self, scene: Option<Scene>) -> (Arc<dyn ModelGateway>, String);
    /// Key and body of the last request that reached the provider.
    async fn last_seen(&self) -> (String, Bytes);
}

/// Runs the suite.
pub async fn run(adapter: &str, harness: &dyn Harness) {
    an_answer_streams_through(harness).await;
    refusals_come_with_status_and_retry_after(harness).await;
    a_broken_stream_ends_in_an_error(harness).await;
    a_provider_that_is_not_there_is_unreachable(harness).await;
    crate::ledger::note("model_gateway", adapter, crate::ledger::Kind::Contract);
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    let fake = Arc::new(ScriptedModels::default());
    run(
        "fake",
        &Scripted {
            gateway: fake.clone(),
            fake: fake.clone(),
        },
    )
    .await;
    let gateway = crate::fault::model_gateway::Faulty::around(fake.clone());
    run("fake behind faults", &Scripted { gateway, fake }).await;
}

/// For adapters that speak HTTP: the provider is a server on loopback, which the gateway must be allowed to reach.
pub struct OverHttp<F> {
    make: F,
    server: tokio::sync::Mutex<Option<SceneServer>>,
}

impl<F> std::fmt::Debug for OverHttp<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OverHttp")
    }
}

impl<F: Fn() -> Arc<dyn ModelGateway> + Send + Sync> OverHttp<F> {
    pub fn new(make: F) -> Self {
        Self {
            make,
            server: tokio::sync::Mutex::default(),
        }
    }
}

#[async_trait]
impl<F: Fn() -> Arc<dyn ModelGateway> + Send + Sync> Harness for OverHttp<F> {
    async fn stage(&self, scene: Option<Scene>) -> (Arc<dyn ModelGateway>, String) {
        let Some(scene) = scene else {
            return (
                (self.make)(),
                format!("http://127.0.0.1:{}/v1", closed_port().unwrap()),
            );
        };
        let server = SceneServer::start().await.unwrap();
        server.then(scene);
        let base_url = server.base_url();
        *self.server.lock().await = Some(server);
        ((self.make)(), base_url)
    }

    async fn last_seen(&self) -> (String, Bytes) {
        let server = self.server.lock().await;
        let received = server.as_ref().unwrap().requests().pop().unwrap();
        (received.key().unwrap_or_default(), received.body)
    }
}

struct Scripted {
    gateway: Arc<dyn ModelGateway>,
    fake: Arc<ScriptedModels>,
}

#[async_trait]
impl Harness for Scripted {
    async fn stage(&self, scene: Option<Scene>) -> (Arc<dyn ModelGateway>, String) {
        if let Some(scene) = scene {
            let mut answer = Answer::status(scene.status);
            answer.content_type = Some(scene.content_type);
            answer.retry_after = scene.retry_after;
            answer.chunks = scene.chunks.into_iter().map(Ok).collect();
            self.fake.then(Ok(if scene.breaks_off {
                answer.then_break()
            } else {
                answer
            }));
        }
        (self.gateway.clone(), "http://127.0.0.1:9/v1".into())
    }

    async fn last_seen(&self) -> (String, Bytes) {
        let request = self.fake.requests().pop().unwrap();
        (request.upstream.api_key.expose_secret().to_owned(), request.body)
    }
}

fn request(base_url: String, dialect: Dialect) -> ModelRequest {
    let call = if dialect == Dialect::Anthropic {
        ModelCall::Messages
    } else {
        ModelCall::ChatCompletions
    };
    ModelRequest {
        upstream: Upstream {
            provider: "hub".into(),
            dialect,
            base_url: Some(base_url),
            api_key: SecretString::from(KEY),
        },
        call,
        body: Bytes::from_static(br#"{"model":"m","stream":true}"#),
        headers: vec![],
    }
}

async fn collect(response: ModelResponse) -> (Vec<u8>, Option<ModelError>) {
    let (mut bytes, mut body) = (Vec::new(), response.body);
    while let Some(item) = body.next().await {
        match item {
            Ok(chunk) => bytes.extend_from_slice(&chunk),
            Err(error) => return (bytes, Some(error)),
        }
    }
    (bytes, None)
}

fn hides_the_key(error: &ModelError) {
    assert!(!format!("{error} {error:?}").contains(KEY));
}

async fn an_answer_streams_through(harness: &dyn Harness) {
    for dialect in [Dialect::OpenaiChat, Dialect::Anthropic] {
        let (gateway, base_url) = harness
            .stage(Some(Scene::events(&["one", "two", "[DONE]"])))
            .await;
        let response = gateway.send(request(base_url, dialect)).await.unwrap();
        assert_eq!(response.status, 200);
        assert!(
            response
                .content_type
                .as_deref()
                .unwrap_or_default()
                .starts_with("text/event-stream")
        );
        let (bytes, error) = collect(response).await;
        assert!(error.is_none());
        assert_eq!(bytes, b"data: one\n\ndata: two\n\ndata: [DONE]\n\n");
        let (key, body) = harness.last_seen().await;
        assert_eq!(key, KEY, "the key reaches the provider");
        assert_eq!(body, r#"{"model":"m","stream":true}"#);
    }
}

async fn refusals_come_with_status_and_retry_after(harness: &dyn Harness) {
    for (status, retry_after) in [
        (401, None),
        (429, Some("7")),
        (500, None),
        (529, Some("Wed, 21 Oct 2026 07:28:00 GMT")),
    ] {
        let mut scene = Scene::json(status, r#"{"error":{"message":"no"}}"#);
        scene.retry_after = retry_after.map(String::from);
        let (gateway, base_url) = harness.stage(Some(scene)).await;
        let response = gateway
            .send(request(base_url, Dialect::OpenaiChat))
            .await
            .unwrap();
        assert_eq!(
            (response.status, response.retry_after.as_deref()),
            (status, retry_after)
        );
        assert_eq!(collect(response).await.0, br#"{"error":{"message":"no"}}"#);
    }
}

async fn a_broken_stream_ends_in_an_error(harness: &dyn Harness) {
    let mut scene = Scene::events(&["one"]);
    scene.breaks_off = true;
    let (gateway, base_url) = harness.stage(Some(scene)).await;
    let response = gateway
        .send(request(base_url, Dialect::OpenaiChat))
        .await
        .unwrap();
    let (bytes, error) = collect(response).await;
    assert!(b"data: one\n\n".starts_with(&bytes));
    let error = error.unwrap();
    assert!(matches!(error, ModelError::Interrupted(_)), "{error:?}");
    hides_the_key(&error);
}

async fn a_provider_that_is_not_there_is_unreachable(harness: &dyn Harness) {
    let (gateway, base_url) = harness.stage(None).await;
    let error = gateway
        .send(request(base_url, Dialect::OpenaiChat))
        .await
        .unwrap_err();
    assert!(matches!(error, ModelError::Unreachable(_)), "{error:?}");
    hides_the_key(&error);
}
