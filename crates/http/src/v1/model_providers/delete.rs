//! `DELETE /v1/model-providers/{id}`.

use axum::{
    extract::{Request, State},
    response::Response,
};
use protocol::ModelProviderId;

use crate::{extract::Deletion, problem::ApiProblem, reply, state::HttpState};

/// Deletes a model provider with its key.
#[utoipa::path(
    delete, path = "/v1/model-providers/{id}", tag = "model providers",
    params(("id" = ModelProviderId, Path, description = "The provider's id")),
    responses((status = 204, description = "Deleted"))
)]
pub(crate) async fn delete_model_provider(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let deletion = Deletion::read(request, &state, "model provider").await?;
    let (actor, id, key) = deletion
        .key(async |actor, id| state.app.resolve_model_provider(actor, id).await)
        .await?;
    let outcome = state.app.delete_model_provider(&actor, id, key.as_ref()).await?;
    Ok(reply::no_content(outcome.replayed))
}
