//! Opens the WebSocket: TCP to the uplink address, then the upgrade with our credential.

use std::{io, time::Duration};

use http::{HeaderValue, Uri, header};
use protocol::runner::MAX_FRAME_BYTES;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{self, client::IntoClientRequest, protocol::WebSocketConfig},
};

use super::Identity;

const CONNECT_LIMIT: Duration = Duration::from_secs(20);

/// Host and port of the uplink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    authority: String,
    host: String,
    port: u16,
}

/// The uplink URL is not `http://host:port`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the uplink must be an address such as http://127.0.0.1:3129")]
pub struct InvalidAddress;

impl Address {
    /// # Errors
    /// When the text is not an `http` URL with a host.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        let uri: Uri = text.parse().map_err(|_| InvalidAddress)?;
        let authority = uri.authority().ok_or(InvalidAddress)?;
        if uri.scheme_str() != Some("http") || authority.as_str().contains('@') {
            return Err(InvalidAddress);
        }
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let port = authority.port_u16().unwrap_or(80);
        Ok(Self {
            authority: authority.as_str().to_owned(),
            host,
            port,
        })
    }

    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// # Errors
    /// When nobody listens there.
    pub async fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// Why no connection came about.
#[derive(Debug, thiserror::Error)]
pub(super) enum DialError {
    /// The server answered with this status: it will not change its mind.
    #[error("the server refused this runner with status {0}")]
    Refused(u16),
    /// Worth another attempt.
    #[error("no connection: {0}")]
    Unreachable(String),
}

pub(super) type Socket = WebSocketStream<TcpStream>;

pub(super) async fn dial(identity: &Identity, credential: &str) -> Result<Socket, DialError> {
    let attempt = async {
        let stream = identity
            .address
            .connect()
            .await
            .map_err(|e| DialError::Unreachable(e.to_string()))?;
        let request = request(identity, credential).map_err(|e| DialError::Unreachable(e.to_string()))?;
        let config = WebSocketConfig::default()
            .read_buffer_size(16 * 1024)
            .write_buffer_size(16 * 1024)
            .max_message_size(Some(MAX_FRAME_BYTES))
            .max_frame_size(Some(MAX_FRAME_BYTES));
        match client_async_with_config(request, stream, Some(config)).await {
            Ok((socket, _)) => Ok(socket),
            Err(tungstenite::Error::Http(response)) => match response.status().as_u16() {
                status @ (401 | 403 | 409 | 410) => Err(DialError::Refused(status)),
                status => Err(DialError::Unreachable(format!("status {status}"))),
            },
            Err(error) => Err(DialError::Unreachable(error.to_string())),
        }
    };
    timeout(CONNECT_LIMIT, attempt)
        .await
        .unwrap_or_else(|_| Err(DialError::Unreachable("the server does not answer".into())))
}

fn request(identity: &Identity, credential: &str) -> Result<http::Request<()>, tungstenite::Error> {
    let url = format!("ws://{}/v1/runner/connect", identity.address.authority());
    let mut request = url.into_client_request()?;
    let headers = request.headers_mut();
    for (name, value) in identity.headers(credential).map_err(tungstenite::Error::from)? {
        headers.insert(name, value);
    }
    Ok(request)
}

impl Identity {
    /// The four headers that say who speaks, on the dial-back and on each gateway call.
    pub(crate) fn headers(
        &self,
        credential: &str,
    ) -> Result<[(header::HeaderName, HeaderValue); 4], http::Error> {
        let mut bearer = HeaderValue::from_str(&format!("Bearer {credential}"))?;
        bearer.set_sensitive(true);
        Ok([
            (header::AUTHORIZATION, bearer),
            (
                header::HeaderName::from_static("coordinator-session"),
                HeaderValue::from_str(&self.session_id.to_string())?,
            ),
            (
                header::HeaderName::from_static("coordinator-sandbox"),
                HeaderValue::from_str(&self.sandbox_id.to_string())?,
            ),
            (
                header::HeaderName::from_static("coordinator-generation"),
                HeaderValue::from(self.generation),
            ),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_addresses() {
        let address = Address::parse("http://127.0.0.1:3129").unwrap();
        assert_eq!((address.authority(), address.port), ("127.0.0.1:3129", 3129));
        assert_eq!(Address::parse("http://[::1]:9").unwrap().host, "::1");
        for bad in ["https://x:1", "x", "http://", "http://a:b@c:1", ""] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
    }
}
