//! A small HTTP client for the agent's own server on loopback. Every answer is bounded in size and time.

use std::{net::SocketAddr, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{Client as Pool, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

const LARGEST_ANSWER: usize = 64 * 1024 * 1024;
/// On a machine that has much else to do, taking a prompt has been seen to need more than 15 seconds.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Why a call failed. No header and no credential is ever in it.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallError {
    #[error("the agent's server answered {status}: {message}")]
    Status { status: u16, message: String },
    #[error("the agent's server did not answer in time")]
    Timeout,
    #[error("the agent's server cannot be reached: {0}")]
    Transport(String),
    #[error("the agent's server answered something that is not JSON")]
    NotJson,
}

/// Client of one agent.
#[derive(Clone)]
pub(super) struct Client {
    pool: Pool<HttpConnector, Full<Bytes>>,
    address: SocketAddr,
    authorization: header::HeaderValue,
}

/// An answer and where the page before it begins.
pub(super) struct Page {
    pub(super) body: Value,
    pub(super) before: Option<String>,
}

impl Client {
    pub(super) fn new(address: SocketAddr, password: &str) -> Self {
        let basic = format!("Basic {}", STANDARD.encode(format!("opencode:{password}")));
        let mut authorization =
            header::HeaderValue::try_from(basic).unwrap_or_else(|_| header::HeaderValue::from_static(""));
        authorization.set_sensitive(true);
        Self {
            // A connection for each call: one that lies idle may be closed by the agent just as the next call is sent.
            pool: Pool::builder(TokioExecutor::new())
                .pool_max_idle_per_host(0)
                .build_http(),
            address,
            authorization,
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Response<Incoming>, CallError> {
        let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        let request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address))
            .header(header::AUTHORIZATION, self.authorization.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body))
            .map_err(|error| CallError::Transport(error.to_string()))?;
        let response = self
            .pool
            .request(request)
            .await
            .map_err(|error| CallError::Transport(error.to_string()))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), 64 * 1024).collect().await;
        let body = body.map(|body| body.to_bytes()).unwrap_or_default();
        Err(CallError::Status {
            status,
            message: reason(&body),
        })
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        limit: Duration,
    ) -> Result<Page, CallError> {
        let whole = async {
            let response = self.send(method, path, body).await?;
            let before = response
                .headers()
                .get("x-next-cursor")
                .and_then(|cursor| cursor.to_str().ok());
            let before = before.map(str::to_owned);
            if response.status() == StatusCode::NO_CONTENT {
                return Ok(Page {
                    body: Value::Null,
                    before,
                });
            }
            let body = Limited::new(response.into_body(), LARGEST_ANSWER).collect().await;
            let body = body
                .map_err(|error| CallError::Transport(error.to_string()))?
                .to_bytes();
            let body = serde_json::from_slice(&body).map_err(|_| CallError::NotJson)?;
            Ok(Page { body, before })
        };
        tokio::time::timeout(limit, whole)
            .await
            .unwrap_or(Err(CallError::Timeout))
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, CallError> {
        self.page(path).await.map(|page| page.body)
    }

    pub(super) async fn page(&self, path: &str) -> Result<Page, CallError> {
        self.call(Method::GET, path, None, TIMEOUT).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value, CallError> {
        self.call(Method::POST, path, Some(body), TIMEOUT)
            .await
            .map(|page| page.body)
    }

    pub(super) async fn post_within(
        &self,
        path: &str,
        body: &Value,
        limit: Duration,
    ) -> Result<Value, CallError> {
        self.call(Method::POST, path, Some(body), limit)
            .await
            .map(|page| page.body)
    }

    /// Opens a stream; only its beginning is bounded in time.
    pub(super) async fn stream(&self, path: &str) -> Result<Incoming, CallError> {
        let opened = self.send(Method::GET, path, None);
        let response = tokio::time::timeout(TIMEOUT, opened)
            .await
            .unwrap_or(Err(CallError::Timeout))?;
        Ok(response.into_body())
    }
}

/// The words of an error body.
fn reason(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let message = [&body["data"]["message"], &body["message"], &body["name"]]
        .into_iter()
        .find_map(Value::as_str);
    crate::text::clip(message.unwrap_or("no reason given"), 500).to_owned()
}
