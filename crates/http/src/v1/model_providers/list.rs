//! `GET /v1/model-providers`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{ListPage, ModelProviderInfo};

use crate::{
    extract::{Authenticated, Params},
    problem::ApiProblem,
    reply,
    state::HttpState,
    v1::ListParams,
};

/// Model providers of the organisation, newest first, without their keys.
#[utoipa::path(
    get, path = "/v1/model-providers", tag = "model providers",
    params(ListParams),
    responses((status = 200, body = ListPage<ModelProviderInfo>))
)]
pub(crate) async fn list_model_providers(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    Params(params): Params<ListParams>,
) -> Result<Response, ApiProblem> {
    Ok(reply::json(
        StatusCode::OK,
        &state.app.list_model_providers(&actor, &params.into()).await?,
    ))
}
