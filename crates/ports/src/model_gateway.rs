//! The way to a model: one request to one provider with one key.

use std::pin::Pin;

use async_trait::async_trait;
use bytes::Bytes;
use futures::Stream;
use protocol::agent::Dialect;
use secrecy::SecretString;

/// Where a request goes and with which key.
#[derive(Debug, Clone)]
pub struct Upstream {
    /// The organisation's word for the provider.
    pub provider: String,
    pub dialect: Dialect,
    /// Base address; `None` = the public address of `openai` or `anthropic`.
    pub base_url: Option<String>,
    pub api_key: SecretString,
}

/// Which call it is; only these are forwarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelCall {
    /// `chat/completions`.
    ChatCompletions,
    /// `v1/messages`.
    Messages,
    /// `v1/messages/count_tokens`.
    CountTokens,
    /// `models`: also the live test of a key.
    Models,
}

/// A request whose body is already in the provider's dialect and names the real model.
#[derive(Debug, Clone)]
pub struct ModelRequest {
    pub upstream: Upstream,
    pub call: ModelCall,
    /// JSON; empty for [`ModelCall::Models`].
    pub body: Bytes,
    /// Passed on as they are; never authorisation (for example `anthropic-version`, `anthropic-beta`).
    pub headers: Vec<(String, String)>,
}

/// The provider's answer; the body streams.
pub struct ModelResponse {
    pub status: u16,
    pub content_type: Option<String>,
    /// Seconds or date, as the provider wrote it.
    pub retry_after: Option<String>,
    pub body: ModelBody,
}

impl std::fmt::Debug for ModelResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModelResponse")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// Bytes as they come from the provider.
pub type ModelBody = Pin<Box<dyn Stream<Item = Result<Bytes, ModelError>> + Send>>;

/// Why a provider gave no (or half an) answer. Never contains the key.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ModelError {
    /// The address is private, link-local, our own, or not an address: never tried.
    #[error("the provider's address is not allowed: {0}")]
    AddressNotAllowed(String),
    #[error("the provider could not be reached: {0}")]
    Unreachable(String),
    /// The stream broke off.
    #[error("the provider's answer broke off: {0}")]
    Interrupted(String),
}

/// Reaches model providers.
#[async_trait]
pub trait ModelGateway: Send + Sync {
    async fn send(&self, request: ModelRequest) -> Result<ModelResponse, ModelError>;
}
