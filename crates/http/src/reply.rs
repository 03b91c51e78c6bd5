//! Answers of endpoints.

use app::{AppError, Outcome};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::problem::ApiProblem;

/// Set on a reply that was given before.
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A JSON document.
pub(crate) fn json<T: Serialize>(status: StatusCode, body: &T) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => {
            let mut response = Response::new(Body::from(bytes));
            *response.status_mut() = status;
            response
                .headers_mut()
                .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }
        Err(error) => ApiProblem::from(AppError::internal(error)).into_response(),
    }
}

/// The result of a mutation, marked when it is an old one.
pub(crate) fn outcome<T: Serialize>(status: StatusCode, outcome: &Outcome<T>) -> Response {
    marked(json(status, &outcome.value), outcome.replayed)
}

/// A mutation that has nothing to show.
pub(crate) fn no_content(replayed: bool) -> Response {
    marked(StatusCode::NO_CONTENT.into_response(), replayed)
}

pub(crate) fn marked(mut response: Response, replayed: bool) -> Response {
    if replayed {
        response
            .headers_mut()
            .insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}
