//! `POST /v1/sessions/{id}/archive`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{SessionId, api::Session};

use super::after;
use crate::{
    extract::{Mutation, SessionAccess},
    problem::ApiProblem,
    state::HttpState,
};

/// Closes a session: from now on it can be read, not continued. (`GET` on this address downloads the workspace.)
#[utoipa::path(
    post, path = "/v1/sessions/{id}/archive", tag = "sessions",
    params(("id" = SessionId, Path, description = "The session's id")),
    responses((status = 200, body = Session))
)]
pub(crate) async fn archive_session(
    State(state): State<HttpState>,
    access: SessionAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let key = request.empty()?;
    let done = state
        .app
        .archive_session(&access.actor, &access.own, key.as_ref())
        .await?;
    after(&state, &access, StatusCode::OK, done).await
}
