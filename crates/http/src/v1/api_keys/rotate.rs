//! `POST /v1/api-keys/{id}/rotate`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{
    ApiKeyId,
    api::{ApiKeyCreated, ApiKeyRotate},
};

use crate::{
    extract::{ApiKeyAccess, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Makes a key in the place of another, with the same name, scopes, rate and user. The old one goes on working for
/// `overlap_s` seconds, a day unless asked otherwise; the list shows both with `replaces` and `replaced_by`. `key` is
/// shown this one time. One's own keys and those of service accounts can be rotated; a key can be replaced once.
#[utoipa::path(
    post, path = "/v1/api-keys/{id}/rotate", tag = "identity",
    params(("id" = ApiKeyId, Path, description = "The id of the key to replace")),
    request_body = ApiKeyRotate,
    responses((status = 201, body = ApiKeyCreated))
)]
pub(crate) async fn rotate_api_key(
    State(state): State<HttpState>,
    access: ApiKeyAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<ApiKeyRotate>()?;
    let outcome = state
        .app
        .rotate_api_key(&access.actor, access.own, body, key.as_ref())
        .await?;
    Ok(reply::outcome(StatusCode::CREATED, &outcome))
}
