//! Request bodies that nobody read to their end, because the answer was clear before.
//!
//! HTTP/1 cannot go on after such an answer: what is left of the body stands where the next request would. The
//! server therefore closes the connection, and says so, or the client would send its next request into a
//! connection that is about to go. Better still is to let a body that is only a little too large run out first:
//! closing a socket with unread bytes in it resets it, which can take the answer from the client.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, BodyDataStream, HttpBody};
use bytes::Bytes;
use futures::StreamExt;
use http::{HeaderValue, Request, Response, Version, header};
use http_body::{Frame, SizeHint};

/// This much more than allowed is let run out, bytes.
const LINGER_BYTES: u64 = 8 * 1024 * 1024;
/// For at most this long.
const LINGER: Duration = Duration::from_secs(5);

/// Whether the body of one request has been read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Reading(Arc<AtomicBool>);

/// Keeps an eye on the body of this request.
pub(crate) fn watch(request: Request<Body>) -> (Request<Body>, Reading) {
    let (parts, body) = request.into_parts();
    let ended = Arc::new(AtomicBool::new(body.is_end_stream()));
    let body = if ended.load(Ordering::Relaxed) {
        body
    } else {
        Body::new(Watched {
            inner: body,
            ended: Arc::clone(&ended),
        })
    };
    (Request::from_parts(parts, body), Reading(ended))
}

impl Reading {
    /// Says in the answer that the connection ends with it, if it does.
    pub(crate) fn announce<B>(&self, version: Version, response: &mut Response<B>) {
        if version < Version::HTTP_2 && !self.0.load(Ordering::Relaxed) {
            let headers = response.headers_mut();
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

/// Lets a body of `declared` bytes run out, unless that would be too much to wait for.
pub(crate) async fn discard(body: Body, declared: u64, allowed: u64) {
    if declared.saturating_sub(allowed) > LINGER_BYTES {
        return;
    }
    let mut stream: BodyDataStream = body.into_data_stream();
    let all = async { while let Some(Ok(_)) = stream.next().await {} };
    // Too slow: the connection closes instead.
    let _ = tokio::time::timeout(LINGER, all).await;
}

struct Watched {
    inner: Body,
    ended: Arc<AtomicBool>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        if frame.is_none() || self.inner.is_end_stream() {
            self.ended.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_connection_ends_with_an_answer_that_came_before_the_body() {
        let chunks = || Body::from_stream(futures::stream::iter([Ok::<_, std::io::Error>("abc")]));
        let (request, reading) = watch(Request::new(chunks()));
        let mut early = Response::new(());
        reading.announce(Version::HTTP_11, &mut early);
        assert_eq!(early.headers()["connection"], "close");

        discard(request.into_body(), 3, 0).await;
        let mut late = Response::new(());
        reading.announce(Version::HTTP_11, &mut late);
        assert!(!late.headers().contains_key("connection"));
    }

    #[test]
    fn a_request_without_a_body_keeps_its_connection() {
        let (_, reading) = watch(Request::new(Body::empty()));
        let mut response = Response::new(());
        reading.announce(Version::HTTP_11, &mut response);
        assert!(!response.headers().contains_key("connection"));
    }
}
