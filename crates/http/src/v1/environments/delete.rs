//! `DELETE /v1/environments/{id}`.

use axum::{extract::State, response::Response};
use protocol::EnvironmentId;

use crate::{extract::EnvironmentAccess, problem::ApiProblem, reply, state::HttpState};

/// Deletes an environment. Sessions that exist keep the set-up they were made with.
#[utoipa::path(
    delete, path = "/v1/environments/{id}", tag = "environments",
    params(("id" = EnvironmentId, Path, description = "The environment's id")),
    responses((status = 204, description = "Deleted"))
)]
pub(crate) async fn delete_environment(
    State(state): State<HttpState>,
    access: EnvironmentAccess,
) -> Result<Response, ApiProblem> {
    state.app.delete_environment(&access.actor, &access.own).await?;
    Ok(reply::no_content(false))
}
