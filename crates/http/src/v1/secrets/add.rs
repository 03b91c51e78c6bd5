//! `POST /v1/secrets`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{SecretCreate, SecretInfo};

use crate::{
    extract::{Authenticated, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Takes a secret in: a variable that sandboxes find in their environment, in the phase that it is for. Nothing gives
/// its value back. What a sandbox reports has it taken out.
///
/// A secret of an environment wins over one of the same name of the organisation. 50 secrets and 64 KiB in one scope.
#[utoipa::path(
    post, path = "/v1/secrets", tag = "secrets",
    request_body = SecretCreate,
    responses((status = 201, body = SecretInfo))
)]
pub(crate) async fn add_secret(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<SecretCreate>()?;
    Ok(reply::outcome(
        StatusCode::CREATED,
        &state.app.add_secret(&actor, body, key.as_ref()).await?,
    ))
}
