//! Getting the work out of a session.

pub(crate) mod archive;
pub(crate) mod diff;
pub(crate) mod files;

use app::WorkStream;
use axum::{body::Body, response::Response};
use futures::TryStreamExt;
use http::{HeaderValue, header};

/// Bytes from inside a sandbox, on their way to a client. They are hostile: never shown as a page.
fn stream(bytes: WorkStream, media_type: &'static str) -> Response {
    let body = bytes.into_stream().map_err(|error| {
        // The status is out already: the connection ends, so that nobody takes a part for the whole.
        let cause = error
            .cause
            .as_ref()
            .map(|cause| crate::problem::chain(cause.as_ref()));
        tracing::warn!(
            code = error.code.slug(),
            cause,
            "a stream out of a sandbox broke off"
        );
        std::io::Error::other("the sandbox's answer broke off")
    });
    let mut response = Response::new(Body::from_stream(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    response
}
