//! One file to the server, through the uplink, as the gateway's calls go: `POST /artifacts` with this generation's
//! credential. The server says at once when it has it already, and then nothing is sent.

use std::io::{self, Read};

use bytes::Bytes;
use futures::stream;
use http::{HeaderValue, Request, StatusCode, header};
use http_body_util::StreamBody;
use hyper::{body::Frame, client::conn::http1};
use hyper_util::rt::TokioIo;
use protocol::media;

use super::find::Found;
use crate::uplink::Identity;

const PIECE: usize = 256 * 1024;

/// No answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotSent {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Http(#[from] hyper::Error),
    #[error("{0}")]
    Request(#[from] http::Error),
}

/// Offers a file; answers what the server said.
pub(super) async fn offer(identity: &Identity, found: Found) -> Result<StatusCode, NotSent> {
    let stream = identity.address.connect().await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "an artifact's connection ended");
        }
    });
    let size = found.size;
    let target = format!("/artifacts?name={}&sha256={}", escaped(&found.name), found.sha256);
    let mut request = Request::post(target)
        .header(header::HOST, identity.address.authority())
        .header(header::CONTENT_TYPE, media::type_of(&found.name))
        .header(header::CONTENT_LENGTH, HeaderValue::from(size));
    for (name, value) in identity.headers(&identity.secret)? {
        request = request.header(name, value);
    }
    let body = StreamBody::new(Box::pin(stream::try_unfold(
        (found.content()?, size),
        |(mut file, left)| async move {
            if left == 0 {
                return Ok::<_, io::Error>(None);
            }
            let want = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            let read = tokio::task::spawn_blocking(move || {
                let mut piece = vec![0; want];
                file.read_exact(&mut piece)?;
                Ok::<_, io::Error>((piece, file))
            });
            let (piece, file) = read.await.map_err(io::Error::other)??;
            let left = left - piece.len() as u64;
            Ok(Some((Frame::data(Bytes::from(piece)), (file, left))))
        },
    )));
    let answer = sender.send_request(request.body(body)?).await?;
    Ok(answer.status())
}

/// For one query value.
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_one_value() {
        assert_eq!(escaped("a b&c=ü.md"), "a%20b%26c%3D%C3%BC.md");
    }
}
