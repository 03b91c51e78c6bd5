//! `GET /v1/model-providers/{id}`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{ModelProviderId, api::ModelProviderInfo};

use crate::{extract::ModelProviderAccess, problem::ApiProblem, reply, state::HttpState};

/// One model provider, without its key.
#[utoipa::path(
    get, path = "/v1/model-providers/{id}", tag = "model providers",
    params(("id" = ModelProviderId, Path, description = "The provider's id")),
    responses((status = 200, body = ModelProviderInfo))
)]
pub(crate) async fn get_model_provider(
    State(state): State<HttpState>,
    access: ModelProviderAccess,
) -> Result<Response, ApiProblem> {
    Ok(reply::json(
        StatusCode::OK,
        &state.app.get_model_provider(&access.actor, access.own)?,
    ))
}
