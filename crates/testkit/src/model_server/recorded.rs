//! What a request carried.

use http::{HeaderMap, request::Parts};
use serde_json::Value;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// The `x-api-key` header.
    pub api_key: Option<String>,
    pub model: Option<String>,
    pub tools: Vec<String>,
    pub stream: bool,
    pub body_bytes: usize,
    pub headers: HeaderMap,
    /// Null when the body is no JSON.
    pub body: Value,
}

impl Recorded {
    pub(super) fn new(parts: &Parts, bytes: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(bytes).unwrap_or_default();
        let header = |name: &str| {
            parts
                .headers
                .get(name)
                .and_then(|v| v.to_str().ok())
                .map(str::to_owned)
        };
        let tools = body["tools"].as_array().map(Vec::as_slice).unwrap_or_default();
        let name = |tool: &Value| {
            tool["function"]["name"]
                .as_str()
                .or(tool["name"].as_str())
                .map(str::to_owned)
        };
        Self {
            method: parts.method.to_string(),
            path: parts
                .uri
                .path_and_query()
                .map(ToString::to_string)
                .unwrap_or_default(),
            authorization: header("authorization"),
            api_key: header("x-api-key"),
            model: body["model"].as_str().map(str::to_owned),
            tools: tools.iter().filter_map(name).collect(),
            stream: body["stream"].as_bool().unwrap_or_default(),
            body_bytes: bytes.len(),
            headers: parts.headers.clone(),
            body,
        }
    }

    /// The key the request came with, whichever header it was in.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        let bearer = self
            .authorization
            .as_deref()
            .and_then(|value| value.strip_prefix("Bearer "));
        bearer.or(self.api_key.as_deref())
    }
}
