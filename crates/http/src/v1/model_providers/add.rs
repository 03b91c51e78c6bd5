//! `POST /v1/model-providers`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{ModelProviderCreate, ModelProviderInfo};

use crate::{
    extract::{Authenticated, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Registers a model provider with the organisation's own key. The key is sealed and never shown again; nothing
/// upstream is called.
#[utoipa::path(
    post, path = "/v1/model-providers", tag = "model providers",
    request_body = ModelProviderCreate,
    responses((status = 201, body = ModelProviderInfo))
)]
pub(crate) async fn add_model_provider(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<ModelProviderCreate>()?;
    Ok(reply::outcome(
        StatusCode::CREATED,
        &state.app.add_model_provider(&actor, body, key.as_ref()).await?,
    ))
}
