//! The API, as a test calls it.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

/// How long to wait for a state that has to come, on a machine that has much else to do. Nothing waits this long but
/// where something is wrong.
pub const PATIENCE: Duration = Duration::from_secs(300);

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
            // A connection for each request: tests kill servers, and a connection that was idle then may or may not
            // have been told of it when the next request is sent.
            .pool_max_idle_per_host(0)
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

    /// Asks until the answer of a GET is as wanted; for what follows soon, but not in the same breath.
    ///
    /// # Panics
    /// When it does not come to that in time.
    pub async fn get_until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        let waiting = async {
            loop {
                last = self.get(path).await;
                if wanted(&last) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, waiting).await.is_ok();
        assert!(in_time, "GET {path} stays as it is: {last:#}");
        last
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
        let told: Vec<String> = all
            .iter()
            .map(|event| {
                let text = |field: &str| event.get(field).and_then(Value::as_str).unwrap_or_default();
                format!("{} {}", text("at"), text("type"))
            })
            .collect();
        assert!(
            in_time,
            "it did not happen within {patience:?}; what did: {told:#?}"
        );
        all
    }

    /// Sends something that must be refused; answers the problem document, after checking that it is a whole one:
    /// what, how it is called, what to do, and a page about it.
    ///
    /// # Panics
    /// When the answer is not a problem document.
    pub async fn refusal(&self, method: Method, path: &str, body: impl Into<reqwest::Body>) -> Value {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.url))
            .header("content-type", "application/json")
            .body(body);
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        let answer = request
            .send()
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let status = answer.status().as_u16();
        let kind = answer.headers().get("content-type").cloned();
        let problem: Value = answer.json().await.unwrap_or_default();
        assert_eq!(
            kind.and_then(|kind| kind.to_str().ok().map(str::to_owned))
                .as_deref(),
            Some("application/problem+json"),
            "{path}: {status} {problem}"
        );
        let text = |field: &str| problem.get(field).and_then(Value::as_str).unwrap_or_default();
        assert_eq!(problem.get("status").and_then(Value::as_u64), Some(status.into()));
        assert!(
            !text("title").is_empty() && text("detail").len() > 20,
            "{problem}"
        );
        assert!(text("request_id").starts_with("req_"), "{problem}");
        let page = self
            .http
            .get(format!("{}{}", self.url, text("type")))
            .send()
            .await;
        let page = page.map(|page| page.status().as_u16());
        assert!(matches!(page, Ok(200)), "the page of {problem}: {page:?}");
        problem
    }

    /// Sends a prompt and waits for the end of its turn; answers its own events, that end last.
    ///
    /// # Panics
    /// When it does not end in time.
    pub async fn turn(&self, session: &str, prompt: &Value, patience: Duration) -> Vec<Value> {
        let made = self
            .post(&format!("/v1/sessions/{session}/prompts"), prompt)
            .await;
        let id = made.get("id").cloned().unwrap_or_default();
        self.end_of(session, &id, patience).await
    }

    /// Waits for the end of a prompt's turn; answers its own events, that end last.
    ///
    /// # Panics
    /// When it does not end in time.
    pub async fn end_of(&self, session: &str, prompt: &Value, patience: Duration) -> Vec<Value> {
        let mine = |event: &Value| event.get("prompt_id") == Some(prompt);
        let over = |event: &Value| {
            let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
            mine(event) && matches!(kind, "prompt.completed" | "prompt.failed" | "prompt.cancelled")
        };
        let mut events = self.events_until(session, patience, over).await;
        events.retain(mine);
        let end = events.iter().position(over).unwrap_or_default();
        events.truncate(end + 1);
        events
    }

    /// Sends a prompt that runs a command and answers what the command printed, once its turn has ended.
    ///
    /// # Panics
    /// When the turn does not end in time.
    pub async fn output_of(&self, session: &str, command: &str, patience: Duration) -> String {
        let body = serde_json::json!({"text": format!("run: {command}")});
        let events = self.turn(session, &body, patience).await;
        let call = events
            .iter()
            .find(|event| event.get("type").and_then(Value::as_str) == Some("tool_call.completed"));
        let output = call.and_then(|event| event.pointer("/data/output")?.as_str().map(str::to_owned));
        output.unwrap_or_else(|| format!("(no output; the turn ended with {:?})", events.last()))
    }
}
