//! `POST /v1/sessions/{id}/hibernate`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{SessionId, api::Session};

use super::after;
use crate::{
    extract::{Mutation, SessionAccess},
    problem::ApiProblem,
    state::HttpState,
};

/// Stops the sandbox of an idle session; workspace and conversation are kept, the next prompt wakes it.
#[utoipa::path(
    post, path = "/v1/sessions/{id}/hibernate", tag = "sessions",
    params(("id" = SessionId, Path, description = "The session's id")),
    responses((status = 202, body = Session))
)]
pub(crate) async fn hibernate_session(
    State(state): State<HttpState>,
    access: SessionAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let key = request.empty()?;
    let done = state
        .app
        .hibernate_session(&access.actor, &access.own, key.as_ref())
        .await?;
    after(&state, &access, StatusCode::ACCEPTED, done).await
}
