//! The HTTP client of the command line. Talks to any deployed server and knows nothing of its inside.

mod endpoint;
mod error;
mod profile;
mod socket;
mod upload;

use std::time::Duration;

use ports::Entropy as _;
use reqwest::{Method, Response, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

pub use endpoint::{ClientArgs, Endpoint};
pub use error::ApiError;
pub use profile::{Profile, profile_path};
pub use socket::Socket;

use keys::SystemEntropy;

/// A server with the key to use there.
#[derive(Clone)]
pub struct Api {
    http: reqwest::Client,
    /// HTTP/1.1 only, for sockets.
    upgrades: reqwest::Client,
    base: url::Url,
    key: SecretString,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Api({})", self.base)
    }
}

/// Times a request is tried when the server could not be reached or said that it is not ready.
const ATTEMPTS: u32 = 4;
/// Longest JSON answer read, bytes.
const MAX_ANSWER: usize = 64 * 1024 * 1024;

impl Api {
    /// A client for this endpoint. Does not connect yet.
    ///
    /// # Errors
    /// When the system's certificates cannot be used.
    pub fn new(endpoint: Endpoint) -> Result<Self, ApiError> {
        let builder = || {
            let builder = reqwest::Client::builder()
                .user_agent(concat!("coordinator/", env!("CARGO_PKG_VERSION")))
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(Duration::from_secs(15));
            // A proxy of the environment must not see what stays on this machine.
            if endpoint.is_loopback() {
                builder.no_proxy()
            } else {
                builder
            }
        };
        let made = |builder: reqwest::ClientBuilder| {
            builder
                .build()
                .map_err(|error| ApiError::Setup(error::chain(&error)))
        };
        Ok(Self {
            http: made(builder())?,
            upgrades: made(builder().http1_only())?,
            base: endpoint.server,
            key: endpoint.key,
        })
    }

    /// The server's address.
    #[must_use]
    pub fn server(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    fn address(&self, path: &str) -> Result<url::Url, ApiError> {
        self.base
            .join(path.trim_start_matches('/'))
            .map_err(|error| ApiError::Setup(error.to_string()))
    }

    fn request(
        &self,
        client: &reqwest::Client,
        method: Method,
        path: &str,
    ) -> Result<reqwest::RequestBuilder, ApiError> {
        let mut value = header::HeaderValue::try_from(format!("Bearer {}", self.key.expose_secret()))
            .map_err(|_| ApiError::Setup("the API key has characters that no key has".into()))?;
        value.set_sensitive(true);
        Ok(client
            .request(method, self.address(path)?)
            .header(header::AUTHORIZATION, value))
    }

    /// Reads a JSON document.
    ///
    /// # Errors
    /// When the server cannot be reached, refuses, or answers something else.
    pub async fn get(&self, path: &str) -> Result<Value, ApiError> {
        json(self.attempt(Method::GET, path, None, None).await?).await
    }

    /// Changes something: carries an idempotency key, so that trying again is safe.
    ///
    /// # Errors
    /// As [`Api::get`].
    pub async fn change(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, ApiError> {
        let key = SystemEntropy.token();
        json(self.attempt(method, path, body, Some(&key)).await?).await
    }

    /// Opens an answer for streaming.
    ///
    /// # Errors
    /// As [`Api::get`].
    pub async fn open(&self, path: &str) -> Result<Response, ApiError> {
        self.attempt(Method::GET, path, None, None).await
    }

    /// Sends a file and reads the JSON answer. Carries an idempotency key, so that trying again is safe.
    ///
    /// # Errors
    /// As [`Api::get`], and when the file cannot be read.
    pub async fn upload(&self, path: &str, file: &std::path::Path) -> Result<Value, ApiError> {
        self.upload_as(path, file, "application/x-tar").await
    }

    /// The status of a request without a key: what a stranger gets.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn status_without_key(&self, path: &str) -> Result<u16, ApiError> {
        let answer = self
            .http
            .get(self.address(path)?)
            .send()
            .await
            .map_err(|error| ApiError::unreachable(&error))?;
        Ok(answer.status().as_u16())
    }

    async fn attempt(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        idempotency: Option<&str>,
    ) -> Result<Response, ApiError> {
        let mut tried = 0;
        loop {
            tried += 1;
            let mut request = self.request(&self.http, method.clone(), path)?;
            if let Some(key) = idempotency {
                request = request.header("Idempotency-Key", key);
            }
            if let Some(body) = body {
                request = request.json(body);
            }
            let failure = match request.send().await {
                Ok(answer) if answer.status().is_success() => return Ok(answer),
                Ok(answer) => error::refusal(answer).await,
                Err(error) => ApiError::unreachable(&error),
            };
            if tried >= ATTEMPTS || !failure.is_transient() {
                return Err(self.placed(failure));
            }
            tokio::time::sleep(Duration::from_millis(200 << tried)).await;
        }
    }
}

impl Api {
    /// Says which server could not be reached.
    fn placed(&self, error: ApiError) -> ApiError {
        match error {
            ApiError::Unreachable(cause) => ApiError::Unreachable(format!("{}: {cause}", self.server())),
            other => other,
        }
    }
}

async fn json(mut answer: Response) -> Result<Value, ApiError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer
        .chunk()
        .await
        .map_err(|error| ApiError::unreachable(&error))?
    {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(ApiError::Odd("the answer is larger than 64 MiB".into()));
        }
        body.extend_from_slice(&chunk);
    }
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&body)
        .map_err(|_| ApiError::Odd("the answer is not JSON; is this address a coordinator?".into()))
}

/// The rows of a list answer.
#[must_use]
pub fn rows(answer: &Value) -> Vec<Value> {
    answer
        .get("items")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default()
}

/// Text made fit for one path segment or query value.
#[must_use]
pub fn escape(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}
