//! `POST /v1/sessions/{id}/permissions/{permission_id}`.

use axum::{
    extract::{FromRequest, FromRequestParts, Request, State},
    response::Response,
};
use http::StatusCode;
use protocol::{
    SessionId,
    api::{PermissionAnswer, Session},
};

use crate::{
    extract::{Mutation, SessionAccess, path_text},
    problem::ApiProblem,
    state::HttpState,
    v1::sessions::after,
};

/// Answers a permission request of the agent: once, always (in this session), or reject.
#[utoipa::path(
    post, path = "/v1/sessions/{id}/permissions/{permission_id}", tag = "permissions and questions",
    params(
        ("id" = SessionId, Path, description = "The session's id"),
        ("permission_id" = String, Path, description = "Its id, from the event that asked"),
    ),
    request_body = PermissionAnswer,
    responses((status = 200, body = Session))
)]
pub(crate) async fn answer_permission(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, body) = request.into_parts();
    let access = SessionAccess::from_request_parts(&mut parts, &state).await?;
    let id = path_text(&mut parts, &state, "permission_id").await?;
    let request = Mutation::<{ 256 * 1024 }>::from_request(Request::from_parts(parts, body), &state).await?;
    let (answer, key) = request.json::<PermissionAnswer>()?;
    let done = state
        .app
        .answer_permission(&access.actor, &access.own, id, answer, key.as_ref())
        .await?;
    after(&state, &access, StatusCode::OK, done).await
}
