//! `PATCH /v1/secrets/{id}`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{
    SecretId,
    api::{SecretInfo, SecretPatch},
};

use crate::{
    extract::{Mutation, SecretAccess},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Replaces the value of a secret, or the phase it is for. Sandboxes that run keep what they were given; the next one
/// gets what is new.
#[utoipa::path(
    patch, path = "/v1/secrets/{id}", tag = "secrets",
    params(("id" = SecretId, Path, description = "The secret's id")),
    request_body = SecretPatch,
    responses((status = 200, body = SecretInfo))
)]
pub(crate) async fn patch_secret(
    State(state): State<HttpState>,
    access: SecretAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<SecretPatch>()?;
    let outcome = state
        .app
        .patch_secret(&access.actor, access.own, body, key.as_ref())
        .await?;
    Ok(reply::outcome(StatusCode::OK, &outcome))
}
