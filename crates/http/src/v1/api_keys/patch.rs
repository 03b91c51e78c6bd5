//! `PATCH /v1/api-keys/{id}`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{
    ApiKeyId,
    api::{ApiKeyInfo, ApiKeyPatch},
};

use crate::{
    extract::{ApiKeyAccess, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Changes a key's name, scopes or rate; its text stays, and so do its user and expiry. Scopes become fewer, or any that
/// the caller has. Members change their own keys, admins all of them.
#[utoipa::path(
    patch, path = "/v1/api-keys/{id}", tag = "identity",
    params(("id" = ApiKeyId, Path, description = "The key's id")),
    request_body = ApiKeyPatch,
    responses((status = 200, body = ApiKeyInfo))
)]
pub(crate) async fn patch_api_key(
    State(state): State<HttpState>,
    access: ApiKeyAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<ApiKeyPatch>()?;
    let outcome = state
        .app
        .patch_api_key(&access.actor, access.own, body, key.as_ref())
        .await?;
    Ok(reply::outcome(StatusCode::OK, &outcome))
}
