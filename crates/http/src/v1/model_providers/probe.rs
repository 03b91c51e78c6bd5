//! `POST /v1/model-providers/test`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{ModelProviderCreate, ModelProviderTest};

use crate::{
    extract::{Authenticated, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Asks a provider for its models with a key that is not stored, live: what creating it with this body would give.
/// Nothing is kept. A key that does not work is a result, not an error.
#[utoipa::path(
    post, path = "/v1/model-providers/test", tag = "model providers",
    request_body = ModelProviderCreate,
    responses((status = 200, body = ModelProviderTest))
)]
pub(crate) async fn try_model_provider(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<ModelProviderCreate>()?;
    Ok(reply::json(
        StatusCode::OK,
        &state.app.try_model_provider(&actor, body).await?,
    ))
}
