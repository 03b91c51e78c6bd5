//! Plain HTTP: one request to one checked address, streamed both ways.
//!
//! Each request gets a connection of its own to the server; the client's connection may be kept alive.

use domain::address::Authority;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::{
    body::{Body, Driver, Passed},
    idle::{Activity, Watched},
    refusal::Refused,
    target::origin_form,
};

/// Headers that belong to one connection, not to the message.
const HOP_BY_HOP: [HeaderName; 7] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];
const MAX_HEAD: usize = 64 * 1024;

pub(crate) async fn forward(
    target: &Authority,
    mut request: Request<Incoming>,
    server: TcpStream,
) -> Result<Response<Body>, Refused> {
    let failed = |error: hyper::Error| Refused::Unreachable {
        target: target.clone(),
        why: if error.is_parse() {
            "its answer is not HTTP".into()
        } else {
            "the connection broke off".to_owned()
        },
    };
    let uri = origin_form(request.uri()).ok_or_else(|| Refused::Malformed("the path is not valid".into()))?;
    *request.uri_mut() = uri;
    *request.version_mut() = http::Version::HTTP_11;
    let headers = request.headers_mut();
    strip(headers);
    // The length is set anew from the body as it was understood here.
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::EXPECT);
    let host = if target.port == 80 {
        target.host.to_string()
    } else {
        target.to_string()
    };
    let host = HeaderValue::try_from(host).map_err(|_| Refused::Malformed("the host is not valid".into()))?;
    headers.insert(header::HOST, host);

    let activity = Activity::new();
    let io = TokioIo::new(Watched::new(server, &activity));
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(MAX_HEAD)
        .handshake(io)
        .await
        .map_err(failed)?;
    let driver = Driver(tokio::spawn(async move {
        tokio::select! {
            // A failure shows in the response or its body.
            _ = connection => {}
            () = activity.ended() => {}
        }
    }));
    let response = sender.send_request(request).await.map_err(failed)?;
    let (mut parts, body) = response.into_parts();
    if parts.status == StatusCode::SWITCHING_PROTOCOLS {
        return Err(Refused::Unreachable {
            target: target.clone(),
            why: "it switched protocols unasked".into(),
        });
    }
    strip(&mut parts.headers);
    Ok(Response::from_parts(parts, Passed::boxed(body, driver)))
}

/// Takes out what belongs to one connection, also what the `Connection` header names as such.
fn strip(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named
        .iter()
        .filter(|name| **name != header::HOST && **name != header::CONTENT_LENGTH)
        .chain(&HOP_BY_HOP)
    {
        headers.remove(name);
    }
    for name in ["proxy-connection", "keep-alive", "http2-settings"] {
        headers.remove(name);
    }
}
