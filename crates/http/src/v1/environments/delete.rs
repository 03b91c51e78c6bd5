//! `DELETE /v1/environments/{id}`.

use axum::{
    extract::{Request, State},
    response::Response,
};
use protocol::EnvironmentId;

use crate::{extract::Deletion, problem::ApiProblem, reply, state::HttpState};

/// Deletes an environment. Sessions that exist keep the set-up they were made with.
#[utoipa::path(
    delete, path = "/v1/environments/{id}", tag = "environments",
    params(("id" = EnvironmentId, Path, description = "The environment's id")),
    responses((status = 204, description = "Deleted"))
)]
pub(crate) async fn delete_environment(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let deletion = Deletion::read(request, &state, "environment").await?;
    let (actor, id, key) = deletion
        .key(async |actor, id| state.app.resolve_environment(actor, id).await)
        .await?;
    let outcome = state.app.delete_environment(&actor, id, key.as_ref()).await?;
    Ok(reply::no_content(outcome.replayed))
}
