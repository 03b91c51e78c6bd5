//! `POST /v1/api-keys`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{ApiKeyCreate, ApiKeyCreated};

use crate::{
    extract::{Authenticated, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Makes a key that acts as its maker, with at most what its maker may do. `key` is shown this one time.
#[utoipa::path(
    post, path = "/v1/api-keys", tag = "identity",
    request_body = ApiKeyCreate,
    responses((status = 201, body = ApiKeyCreated))
)]
pub(crate) async fn create_api_key(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<ApiKeyCreate>()?;
    Ok(reply::outcome(
        StatusCode::CREATED,
        &state.app.create_api_key(&actor, body, key.as_ref()).await?,
    ))
}
