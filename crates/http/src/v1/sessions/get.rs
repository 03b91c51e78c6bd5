//! `GET /v1/sessions/{id}`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{SessionId, api::Session};

use crate::{extract::SessionAccess, problem::ApiProblem, reply, state::HttpState};

/// One session, with why it is as it is and what happens next by itself.
#[utoipa::path(
    get, path = "/v1/sessions/{id}", tag = "sessions",
    params(("id" = SessionId, Path, description = "The session's id")),
    responses((status = 200, body = Session))
)]
pub(crate) async fn get_session(
    State(state): State<HttpState>,
    access: SessionAccess,
) -> Result<Response, ApiProblem> {
    Ok(reply::json(
        StatusCode::OK,
        &state.app.get_session(&access.actor, &access.own).await?,
    ))
}
