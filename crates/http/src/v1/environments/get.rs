//! `GET /v1/environments/{id}`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{EnvironmentId, api::Environment};

use crate::{extract::EnvironmentAccess, problem::ApiProblem, reply, state::HttpState};

/// One environment.
#[utoipa::path(
    get, path = "/v1/environments/{id}", tag = "environments",
    params(("id" = EnvironmentId, Path, description = "The environment's id")),
    responses((status = 200, body = Environment))
)]
pub(crate) async fn get_environment(
    State(state): State<HttpState>,
    access: EnvironmentAccess,
) -> Result<Response, ApiProblem> {
    Ok(reply::json(
        StatusCode::OK,
        &state.app.get_environment(&access.actor, access.own)?,
    ))
}
