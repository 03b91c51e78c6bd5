//! The API, as a test calls it.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

/// A client with a key, or a stranger.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    key: Option<String>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// # Panics
    /// When no HTTP client can be made.
    #[must_use]
    pub fn new(url: &str, key: Option<&str>) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(120))
            .build();
        let http = http.unwrap_or_else(|error| panic!("no HTTP client: {error}"));
        Self {
            http,
            url: url.to_owned(),
            key: key.map(str::to_owned),
        }
    }

    /// The same server with another key.
    #[must_use]
    pub fn with_key(&self, key: Option<&str>) -> Self {
        Self {
            key: key.map(str::to_owned),
            ..self.clone()
        }
    }

    pub async fn is_healthy(&self) -> bool {
        self.http
            .get(format!("{}/health", self.url))
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
    }

    /// Status and body (JSON, or null).
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request
            .send()
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let status = answer.status().as_u16();
        let bytes = answer.bytes().await.unwrap_or_default();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    /// A GET that works.
    ///
    /// # Panics
    /// When it does not.
    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call(Method::GET, path, None).await;
        assert_eq!(status, 200, "GET {path}: {body}");
        body
    }

    /// A POST that works.
    ///
    /// # Panics
    /// When it does not.
    pub async fn post(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.call(Method::POST, path, Some(body)).await;
        assert!((200..300).contains(&status), "POST {path}: {status} {answer}");
        answer
    }

    /// Waits until an event of the session fulfils `wanted`; answers all events up to now.
    ///
    /// # Panics
    /// When it does not come in time.
    pub async fn events_until(
        &self,
        session: &str,
        patience: Duration,
        wanted: impl Fn(&Value) -> bool,
    ) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        let waiting = async {
            loop {
                let page = self
                    .get(&format!(
                        "/v1/sessions/{session}/events?after={}&limit=1000",
                        all.len()
                    ))
                    .await;
                let events = page
                    .get("events")
                    .and_then(Value::as_array)
                    .cloned()
                    .unwrap_or_default();
                let found = events.iter().any(&wanted);
                all.extend(events);
                if found {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        let in_time = tokio::time::timeout(patience, waiting).await.is_ok();
        let kinds: Vec<&str> = all
            .iter()
            .filter_map(|event| event.get("type")?.as_str())
            .collect();
        assert!(
            in_time,
            "it did not happen within {patience:?}; what did: {kinds:?}"
        );
        all
    }

    /// Sends a prompt that runs a command and answers what the command printed, once its turn has ended.
    ///
    /// # Panics
    /// When the turn does not end in time.
    pub async fn output_of(&self, session: &str, command: &str, patience: Duration) -> String {
        let body = serde_json::json!({"text": format!("run: {command}")});
        let prompt = self.post(&format!("/v1/sessions/{session}/prompts"), &body).await;
        let id = prompt.get("id").cloned().unwrap_or_default();
        let mine = |event: &Value| event.get("prompt_id") == Some(&id);
        let over = |event: &Value| {
            let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
            mine(event) && matches!(kind, "prompt.completed" | "prompt.failed" | "prompt.cancelled")
        };
        let events = self.events_until(session, patience, over).await;
        let call = events.iter().find(|event| {
            mine(event) && event.get("type").and_then(Value::as_str) == Some("tool_call.completed")
        });
        let output = call.and_then(|event| event.pointer("/data/output")?.as_str().map(str::to_owned));
        output.unwrap_or_else(|| {
            let end = events.iter().find(|event| over(event));
            format!("(no output; the turn ended with {end:?})")
        })
    }
}
