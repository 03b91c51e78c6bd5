//! `POST /v1/sessions/{id}/wake`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{SessionId, api::Session};

use super::after;
use crate::{
    extract::{Mutation, SessionAccess},
    problem::ApiProblem,
    state::HttpState,
};

/// Starts the session's sandbox before there is a prompt for it.
#[utoipa::path(
    post, path = "/v1/sessions/{id}/wake", tag = "sessions",
    params(("id" = SessionId, Path, description = "The session's id")),
    responses((status = 202, body = Session))
)]
pub(crate) async fn wake_session(
    State(state): State<HttpState>,
    access: SessionAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let key = request.empty()?;
    let done = state
        .app
        .wake_session(&access.actor, &access.own, key.as_ref())
        .await?;
    after(&state, &access, StatusCode::ACCEPTED, done).await
}
