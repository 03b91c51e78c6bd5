//! `POST /v1/sessions/{id}/interrupt`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{SessionId, api::Session};

use super::after;
use crate::{
    extract::{Mutation, SessionAccess},
    problem::ApiProblem,
    state::HttpState,
};

/// Ends the running turn now. The next prompt follows when the agent has stopped.
#[utoipa::path(
    post, path = "/v1/sessions/{id}/interrupt", tag = "sessions",
    params(("id" = SessionId, Path, description = "The session's id")),
    responses((status = 202, body = Session))
)]
pub(crate) async fn interrupt_session(
    State(state): State<HttpState>,
    access: SessionAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let key = request.empty()?;
    let done = state
        .app
        .interrupt_session(&access.actor, &access.own, key.as_ref())
        .await?;
    after(&state, &access, StatusCode::ACCEPTED, done).await
}
