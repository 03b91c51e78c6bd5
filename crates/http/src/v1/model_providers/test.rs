//! `POST /v1/model-providers/{id}/test`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{ModelProviderId, api::ModelProviderTest};

use crate::{
    extract::{ModelProviderAccess, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Asks the provider for its models with the stored key, live. A key that does not work is a result, not an error.
#[utoipa::path(
    post, path = "/v1/model-providers/{id}/test", tag = "model providers",
    params(("id" = ModelProviderId, Path, description = "The provider's id")),
    responses((status = 200, body = ModelProviderTest))
)]
pub(crate) async fn test_model_provider(
    State(state): State<HttpState>,
    access: ModelProviderAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let _key = request.empty()?;
    Ok(reply::json(
        StatusCode::OK,
        &state.app.test_model_provider(&access.actor, &access.own).await?,
    ))
}
