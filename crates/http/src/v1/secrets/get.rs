//! `GET /v1/secrets/{id}`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{SecretId, api::SecretInfo};

use crate::{extract::SecretAccess, problem::ApiProblem, reply, state::HttpState};

/// One secret: its name, scope and phase, never its value.
#[utoipa::path(
    get, path = "/v1/secrets/{id}", tag = "secrets",
    params(("id" = SecretId, Path, description = "The secret's id")),
    responses((status = 200, body = SecretInfo))
)]
pub(crate) async fn get_secret(
    State(state): State<HttpState>,
    access: SecretAccess,
) -> Result<Response, ApiProblem> {
    Ok(reply::json(
        StatusCode::OK,
        &state.app.get_secret(&access.actor, access.own)?,
    ))
}
