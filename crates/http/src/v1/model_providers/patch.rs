//! `PATCH /v1/model-providers/{id}`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{
    ModelProviderId,
    api::{ModelProviderInfo, ModelProviderPatch},
};

use crate::{
    extract::{ModelProviderAccess, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Rotates the key, or changes address or models. A new address needs its key along with it.
#[utoipa::path(
    patch, path = "/v1/model-providers/{id}", tag = "model providers",
    params(("id" = ModelProviderId, Path, description = "The provider's id")),
    request_body = ModelProviderPatch,
    responses((status = 200, body = ModelProviderInfo))
)]
pub(crate) async fn patch_model_provider(
    State(state): State<HttpState>,
    access: ModelProviderAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<ModelProviderPatch>()?;
    let outcome = state
        .app
        .patch_model_provider(&access.actor, access.own, body, key.as_ref())
        .await?;
    Ok(reply::outcome(StatusCode::OK, &outcome))
}
