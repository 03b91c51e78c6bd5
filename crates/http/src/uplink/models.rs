//! `/gateway/…`: model calls of a sandbox. Served only on relayed streams, whose sandbox the transport knows.

use std::{error::Error, time::Duration};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use gateway::{Caller, GatewayRequest, MAX_BODY_BYTES};
use http::{HeaderValue, StatusCode, header};
use http_body_util::LengthLimitError;
use tokio::time::timeout;

use crate::{
    problem::{ApiProblem, no_route},
    state::HttpState,
};

/// A body that takes longer than this is not coming.
const PATIENCE: Duration = Duration::from_secs(120);

/// Answers in the agent's own dialect, failures too.
pub(crate) async fn model_call(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(caller) = parts.extensions.get::<Caller>().copied() else {
        return ApiProblem::from(no_route()).into_response();
    };
    // Bodies are held in memory, and a sandbox may open many connections: a few at a time, the others wait unread.
    let Some(_place) = state.gateway.place(caller.session_id).await else {
        return refused(StatusCode::TOO_MANY_REQUESTS, "too many model calls wait at once");
    };
    // One byte more than is taken, so that the gateway says what is too large.
    let read = timeout(PATIENCE, to_bytes(Body::new(body), MAX_BODY_BYTES + 1));
    let body = match read.await {
        Ok(Ok(body)) => body,
        Ok(Err(error))
            if error
                .source()
                .is_some_and(|source| source.is::<LengthLimitError>()) =>
        {
            vec![b' '; MAX_BODY_BYTES + 1].into()
        }
        Ok(Err(_)) => return refused(StatusCode::BAD_REQUEST, "the request body broke off"),
        Err(_) => return refused(StatusCode::REQUEST_TIMEOUT, "the request body took too long"),
    };
    let request = GatewayRequest {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        headers: parts.headers,
        body,
    };
    let answer = state.gateway.handle(caller, request).await;
    let mut response = Response::new(Body::from_stream(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}

/// Both dialects find their message where they look for it.
fn refused(status: StatusCode, message: &'static str) -> Response {
    let kind = if status == StatusCode::TOO_MANY_REQUESTS {
        "rate_limit_error"
    } else {
        "invalid_request_error"
    };
    let body = serde_json::json!({"type": "error", "error": {"type": kind, "message": message}});
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
