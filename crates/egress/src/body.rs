//! Bodies of answers: a text of the proxy's own, or a server's, passed through.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::body::Incoming;
use tokio::task::JoinHandle;

pub(crate) type Body = UnsyncBoxBody<Bytes, hyper::Error>;

pub(crate) fn text(text: String) -> Body {
    Full::new(Bytes::from(text))
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// The task that drives the connection to a server; ends with whoever needs it.
pub(crate) struct Driver(pub(crate) JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A server's body, and the connection it comes over.
pub(crate) struct Passed {
    body: Incoming,
    _driver: Driver,
}

impl Passed {
    pub(crate) fn boxed(body: Incoming, driver: Driver) -> Body {
        Self {
            body,
            _driver: driver,
        }
        .boxed_unsync()
    }
}

impl hyper::body::Body for Passed {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
