//! `DELETE /v1/model-providers/{id}`.

use axum::{extract::State, response::Response};
use protocol::ModelProviderId;

use crate::{extract::ModelProviderAccess, problem::ApiProblem, reply, state::HttpState};

/// Deletes a model provider with its key.
#[utoipa::path(
    delete, path = "/v1/model-providers/{id}", tag = "model providers",
    params(("id" = ModelProviderId, Path, description = "The provider's id")),
    responses((status = 204, description = "Deleted"))
)]
pub(crate) async fn delete_model_provider(
    State(state): State<HttpState>,
    access: ModelProviderAccess,
) -> Result<Response, ApiProblem> {
    state
        .app
        .delete_model_provider(&access.actor, &access.own)
        .await?;
    Ok(reply::no_content(false))
}
