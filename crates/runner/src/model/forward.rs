//! One model call: `/{dialect}/…` here becomes `/gateway/{dialect}/…` at the server. The answer is streamed as
//! it comes.
//!
//! While the server restarts, its uplink refuses or drops connections; a call that has had no answer yet is
//! tried again for a minute, so that a turn outlives an upgrade.

use std::{str::FromStr, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, Uri, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use protocol::agent::Dialect;
use tokio::time::{Instant, sleep, timeout_at};

use super::reply::{Body, error};
use crate::uplink::Uplink;

const MOST_BODY: usize = 32 << 20;
const PATIENCE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Belong to one connection, not to the call (RFC 9110, 7.6.1).
const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// The agent's own credential, and what we say ourselves.
const REPLACED: [&str; 6] = [
    "expect",
    "authorization",
    "x-api-key",
    "x-goog-api-key",
    "host",
    "content-length",
];

pub(super) struct Forwarder {
    uplink: Uplink,
    patience: Duration,
}

/// A call, ready to be sent as often as it takes.
struct Call {
    method: Method,
    target: Uri,
    headers: HeaderMap,
    body: Bytes,
}

/// No answer has begun.
#[derive(Debug, thiserror::Error)]
enum Unanswered {
    #[error("{0}")]
    Connect(#[from] std::io::Error),
    #[error("{0}")]
    Http(#[from] hyper::Error),
    #[error("{0}")]
    Request(#[from] http::Error),
}

impl Forwarder {
    pub(super) fn new(uplink: Uplink) -> Self {
        Self {
            uplink,
            patience: PATIENCE,
        }
    }

    pub(super) async fn forward(&self, request: Request<Incoming>) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let Some(target) = target(&parts.uri) else {
            return error(
                404,
                "invalid_request_error",
                "unknown_path",
                "There is no model API at this path.",
            );
        };
        let body = match Limited::new(body, MOST_BODY).collect().await {
            Ok(body) => body.to_bytes(),
            Err(cause) if cause.is::<LengthLimitError>() => {
                return error(
                    413,
                    "invalid_request_error",
                    "body_too_large",
                    "A model call may have at most 32 MiB.",
                );
            }
            Err(_) => {
                return error(
                    400,
                    "invalid_request_error",
                    "body_cut_short",
                    "The request broke off.",
                );
            }
        };
        let mut headers = parts.headers;
        strip(&mut headers);
        for name in REPLACED {
            headers.remove(name);
        }
        let call = Call {
            method: parts.method,
            target,
            headers,
            body,
        };
        self.send(&call).await
    }

    async fn send(&self, call: &Call) -> Response<Body> {
        let deadline = Instant::now() + self.patience;
        let mut pause = Duration::from_millis(200);
        // The gateway knows our secret only after the first welcome.
        let contact = timeout_at(deadline, self.uplink.first_contact()).await;
        while contact.is_ok() {
            match self.attempt(call).await {
                Ok(mut response) => {
                    strip(response.headers_mut());
                    return response.map(BodyExt::boxed);
                }
                Err(error) => tracing::debug!(%error, "the gateway gives no answer"),
            }
            if Instant::now() + pause >= deadline {
                break;
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        error(
            503,
            "server_error",
            "gateway_unreachable",
            "The session's server could not be reached for a minute; it may be restarting. Try again.",
        )
    }

    async fn attempt(&self, call: &Call) -> Result<Response<Incoming>, Unanswered> {
        let identity = self.uplink.identity();
        let stream = identity.address.connect().await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a gateway connection ended");
            }
        });
        let mut request = Request::new(Full::new(call.body.clone()));
        *request.method_mut() = call.method.clone();
        *request.uri_mut() = call.target.clone();
        *request.headers_mut() = call.headers.clone();
        let host = HeaderValue::from_str(identity.address.authority()).map_err(http::Error::from)?;
        request.headers_mut().insert(header::HOST, host);
        for (name, value) in identity.headers(&identity.secret)? {
            request.headers_mut().insert(name, value);
        }
        Ok(sender.send_request(request).await?)
    }
}

/// The path at the gateway; `None` for anything that is not below a dialect.
fn target(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    let (dialect, rest) = path.strip_prefix('/')?.split_once('/')?;
    Dialect::from_str(dialect).ok()?;
    let decoded = rest
        .to_ascii_lowercase()
        .replace("%2e", ".")
        .replace("%2f", "/")
        .replace("%5c", "\\");
    if decoded.split(['/', '\\']).any(|part| part == ".." || part == ".") {
        return None;
    }
    // Gemini clients may put their key into the query.
    let query: Vec<&str> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("key="))
        .collect();
    let query = if query.is_empty() {
        String::new()
    } else {
        format!("?{}", query.join("&"))
    };
    format!("/gateway{path}{query}").parse().ok()
}

fn strip(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
    let ours: Vec<HeaderName> = headers
        .keys()
        .filter(|name| name.as_str().starts_with("coordinator-"))
        .cloned()
        .collect();
    for name in ours {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Option<String> {
        target(&text.parse().unwrap()).map(|uri| uri.to_string())
    }

    #[test]
    fn only_dialects_lead_to_the_gateway() {
        assert_eq!(
            path("/openai-chat/v1/chat/completions").unwrap(),
            "/gateway/openai-chat/v1/chat/completions"
        );
        assert_eq!(
            path("/gemini/v1/m:x?alt=sse&key=k").unwrap(),
            "/gateway/gemini/v1/m:x?alt=sse"
        );
        for bad in [
            "/",
            "/v1/runner/connect",
            "/openai-chat",
            "/anthropic/../../v1/x",
            "/anthropic/%2e%2E/x",
        ] {
            assert_eq!(path(bad), None, "{bad}");
        }
    }

    #[test]
    fn connection_headers_go() {
        let mut headers = HeaderMap::new();
        headers.insert("connection", HeaderValue::from_static("close, x-odd"));
        headers.insert("x-odd", HeaderValue::from_static("1"));
        headers.insert("coordinator-session", HeaderValue::from_static("forged"));
        headers.insert("x-kept", HeaderValue::from_static("1"));
        strip(&mut headers);
        assert_eq!(
            headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(),
            ["x-kept"]
        );
    }
}
