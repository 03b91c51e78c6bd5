//! `PATCH /v1/environments/{id}`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{
    EnvironmentId,
    api::{Environment, EnvironmentPatch},
};

use crate::{
    extract::{EnvironmentAccess, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Changes an environment. Sessions that exist keep the set-up they were made with.
#[utoipa::path(
    patch, path = "/v1/environments/{id}", tag = "environments",
    params(("id" = EnvironmentId, Path, description = "The environment's id")),
    request_body = EnvironmentPatch,
    responses((status = 200, body = Environment))
)]
pub(crate) async fn patch_environment(
    State(state): State<HttpState>,
    access: EnvironmentAccess,
    request: Mutation<{ 1 << 20 }>,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<EnvironmentPatch>()?;
    let outcome = state
        .app
        .patch_environment(&access.actor, access.own, body, key.as_ref())
        .await?;
    Ok(reply::outcome(StatusCode::OK, &outcome))
}
