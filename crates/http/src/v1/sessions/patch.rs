//! `PATCH /v1/sessions/{id}`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{
    SessionId,
    api::{Session, SessionPatch},
};

use crate::{
    extract::{Mutation, SessionAccess},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Changes a session's title.
#[utoipa::path(
    patch, path = "/v1/sessions/{id}", tag = "sessions",
    params(("id" = SessionId, Path, description = "The session's id")),
    request_body = SessionPatch,
    responses((status = 200, body = Session))
)]
pub(crate) async fn patch_session(
    State(state): State<HttpState>,
    access: SessionAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<SessionPatch>()?;
    let outcome = state
        .app
        .patch_session(&access.actor, &access.own, body, key.as_ref())
        .await?;
    Ok(reply::outcome(StatusCode::OK, &outcome))
}
