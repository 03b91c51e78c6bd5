//! Requests from a sandbox and answers to it, free of any HTTP server.

use std::{io, pin::Pin};

use bytes::Bytes;
use futures::{Stream, stream};
use http::{HeaderMap, Method, StatusCode, header};

/// A request as it came out of the sandbox.
pub struct GatewayRequest {
    pub method: Method,
    /// The whole path, `/gateway/...`, without the query.
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Nothing of the content shows.
impl std::fmt::Debug for GatewayRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GatewayRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The answer. An error in the stream means: end the connection, so that the agent sees a reset.
pub struct GatewayResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: BodyStream,
}

impl std::fmt::Debug for GatewayResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GatewayResponse")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The bytes of an answer.
pub type BodyStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// Headers of a request that reach the provider.
const PASSED_ON: [&str; 4] = ["anthropic-version", "anthropic-beta", "content-type", "accept"];
const MAX_CREDENTIAL: usize = 4096;

impl GatewayRequest {
    /// The credential of the generation, from wherever the dialect puts a key.
    pub(crate) fn credential(&self) -> Option<&str> {
        let text = |name| self.headers.get(name).and_then(|value| value.to_str().ok());
        let bearer = text("authorization").and_then(|value| {
            let (scheme, rest) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(rest.trim())
        });
        bearer
            .or_else(|| text("x-api-key"))
            .filter(|found| !found.is_empty() && found.len() <= MAX_CREDENTIAL)
    }

    /// What is passed on to the provider; never authorisation, routing or forwarding headers.
    pub(crate) fn passed_on(&self) -> Vec<(String, String)> {
        let passed = |name: &&str| {
            let value = self.headers.get(*name)?.to_str().ok()?;
            Some(((*name).to_owned(), value.to_owned()))
        };
        PASSED_ON.iter().filter_map(passed).collect()
    }
}

impl GatewayResponse {
    pub(crate) fn json(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::whole(status, "application/json", body)
    }

    pub(crate) fn whole(status: StatusCode, content_type: &str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self::streaming(status, content_type, Box::pin(stream::iter([Ok(body)])))
    }

    pub(crate) fn streaming(status: StatusCode, content_type: &str, body: BodyStream) -> Self {
        let mut headers = HeaderMap::new();
        if let Ok(value) = content_type.parse() {
            headers.insert(header::CONTENT_TYPE, value);
        }
        Self {
            status,
            headers,
            body,
        }
    }

    pub(crate) fn retry_after(mut self, value: Option<&str>) -> Self {
        if let Some(Ok(value)) = value.map(str::parse) {
            self.headers.insert(header::RETRY_AFTER, value);
        }
        self
    }
}
