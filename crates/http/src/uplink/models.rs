//! `/gateway/…`: model calls of a sandbox. Served only on relayed streams, whose sandbox the transport knows.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use gateway::{Caller, GatewayRequest, MAX_BODY_BYTES};

use crate::{
    problem::{ApiProblem, no_route},
    state::HttpState,
};

/// Answers in the agent's own dialect, failures too.
pub(crate) async fn model_call(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(caller) = parts.extensions.get::<Caller>().copied() else {
        return ApiProblem::from(no_route()).into_response();
    };
    // One byte more than is taken, so that the gateway says what is too large.
    let body = match to_bytes(Body::new(body), MAX_BODY_BYTES + 1).await {
        Ok(body) => body,
        Err(_) => vec![b' '; MAX_BODY_BYTES + 1].into(),
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
