//! `POST /v1/environments`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{Environment, EnvironmentCreate};

use crate::{
    extract::{Authenticated, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Defines an environment: the set-up commands that sessions with its id run after the clone.
#[utoipa::path(
    post, path = "/v1/environments", tag = "environments",
    request_body = EnvironmentCreate,
    responses((status = 201, body = Environment))
)]
pub(crate) async fn add_environment(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    request: Mutation<{ 1 << 20 }>,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<EnvironmentCreate>()?;
    Ok(reply::outcome(
        StatusCode::CREATED,
        &state.app.add_environment(&actor, body, key.as_ref()).await?,
    ))
}
