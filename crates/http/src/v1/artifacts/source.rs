//! A request's body as the bytes of an artifact: passed on as it comes, never held.

use axum::body::Body;
use futures::{StreamExt, TryStreamExt};
use http::{HeaderMap, header};
use ports::artifacts::{ArtifactSource, SourceBroke};

/// The body.
pub(crate) fn source(body: Body) -> ArtifactSource {
    body.into_data_stream()
        .map_err(|error| SourceBroke(error.to_string()))
        .boxed()
}

/// What the sender says about it.
pub(crate) fn said(headers: &HeaderMap) -> (Option<String>, Option<u64>) {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let media_type = text(header::CONTENT_TYPE).map(str::to_owned);
    let length = text(header::CONTENT_LENGTH).and_then(|text| text.parse().ok());
    (media_type, length)
}
