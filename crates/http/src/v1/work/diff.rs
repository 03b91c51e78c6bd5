//! `GET /v1/sessions/{id}/diff`.

use axum::{extract::State, response::Response};
use protocol::SessionId;

use super::stream;
use crate::{extract::SessionAccess, problem::ApiProblem, state::HttpState};

/// The work since the session's base commit as a git patch: committed and not, new files too.
#[utoipa::path(
    get, path = "/v1/sessions/{id}/diff", tag = "work",
    params(("id" = SessionId, Path, description = "The session's id")),
    responses((status = 200, content_type = "text/x-diff", body = String))
)]
pub(crate) async fn get_diff(
    State(state): State<HttpState>,
    access: SessionAccess,
) -> Result<Response, ApiProblem> {
    Ok(stream(
        state.app.session_diff(&access.actor, &access.own).await?,
        "text/x-diff; charset=utf-8",
    ))
}
