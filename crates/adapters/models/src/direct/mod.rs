//! A provider's own API over HTTP, with the organisation's key.
//!
//! The address is named by a tenant, so each connection goes only to an address that the guard has checked, and
//! redirects are not followed. The key travels in one header and appears nowhere else.

mod client;
mod endpoint;
mod failure;
mod lookup;

use std::sync::Arc;

use async_trait::async_trait;
use domain::address::{Guard, Host};
use futures::StreamExt;
use ports::model_gateway::{ModelCall, ModelError, ModelGateway, ModelRequest, ModelResponse};
use protocol::agent::Dialect;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};

pub use self::lookup::{Lookup, SystemLookup};
use self::{client::Clients, endpoint::endpoint};

/// Version of the anthropic API when the client names none.
const ANTHROPIC_VERSION: &str = "2023-06-01";
/// Headers of a request that are passed on.
const PASSED_ON: [&str; 3] = ["anthropic-version", "anthropic-beta", "accept"];

/// Sends requests straight to the provider.
#[derive(Debug)]
pub struct Direct {
    guard: Arc<Guard>,
    clients: Clients,
}

impl Direct {
    /// `guard` decides which addresses may be connected to.
    #[must_use]
    pub fn new(guard: Arc<Guard>, lookup: Arc<dyn Lookup>) -> Self {
        Self {
            clients: Clients::new(Arc::clone(&guard), lookup),
            guard,
        }
    }
}

#[async_trait]
impl ModelGateway for Direct {
    async fn send(&self, request: ModelRequest) -> Result<ModelResponse, ModelError> {
        let upstream = &request.upstream;
        let url = endpoint(
            &upstream.provider,
            upstream.dialect,
            upstream.base_url.as_deref(),
            request.call,
        )?;
        let not_allowed = |why: &dyn std::fmt::Display| ModelError::AddressNotAllowed(why.to_string());
        let port = url
            .port_or_known_default()
            .ok_or_else(|| not_allowed(&"it names no port"))?;
        let host = Host::parse(url.host_str().unwrap_or_default()).map_err(|error| not_allowed(&error))?;
        if let Host::Ip(ip) = host {
            // The HTTP client resolves names through the guard; it does not ask about addresses.
            self.guard
                .check(ip, port)
                .map_err(|refusal| not_allowed(&refusal))?;
        }
        let headers = headers(&request)?;
        let client = self.clients.of_port(port)?;
        let builder = match request.call {
            ModelCall::Models => client.get(url),
            ModelCall::ChatCompletions | ModelCall::Messages | ModelCall::CountTokens => {
                client.post(url).body(request.body)
            }
        };
        let place = format!("{host}:{port}");
        let response = builder
            .headers(headers)
            .send()
            .await
            .map_err(|error| failure::before(&place, error))?;
        let status = response.status();
        if status.is_redirection() {
            let code = status.as_u16();
            return Err(ModelError::Unreachable(format!(
                "{place} answered with a redirect ({code}), which is not followed; check the provider's base_url"
            )));
        }
        let text = |name| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let (content_type, retry_after) = (text(CONTENT_TYPE), text(RETRY_AFTER));
        let body = response
            .bytes_stream()
            .map(move |piece| piece.map_err(|error| failure::within(&place, error)));
        Ok(ModelResponse {
            status: status.as_u16(),
            content_type,
            retry_after,
            body: Box::pin(body),
        })
    }
}

fn headers(request: &ModelRequest) -> Result<HeaderMap, ModelError> {
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        let name = name.to_ascii_lowercase();
        if !PASSED_ON.contains(&name.as_str()) {
            continue;
        }
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if !headers.contains_key(ACCEPT) {
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    }
    let key = &request.upstream.api_key;
    match request.upstream.dialect {
        Dialect::OpenaiChat | Dialect::OpenaiResponses => {
            headers.insert(AUTHORIZATION, secret("Bearer ", key)?);
        }
        Dialect::Anthropic => {
            headers.insert("x-api-key", secret("", key)?);
            if !headers.contains_key("anthropic-version") {
                headers.insert("anthropic-version", HeaderValue::from_static(ANTHROPIC_VERSION));
            }
        }
        Dialect::Gemini => {
            headers.insert("x-goog-api-key", secret("", key)?);
        }
    }
    Ok(headers)
}

fn secret(scheme: &str, key: &SecretString) -> Result<HeaderValue, ModelError> {
    let text = secrecy::zeroize::Zeroizing::new(format!("{scheme}{}", key.expose_secret()));
    let mut value = HeaderValue::from_str(&text).map_err(|_| {
        ModelError::Unreachable("the provider's key contains characters that no key has".into())
    })?;
    value.set_sensitive(true);
    Ok(value)
}
