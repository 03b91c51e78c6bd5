//! `PATCH /v1/service-accounts/{id}`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{
    UserId,
    api::{ServiceAccount, ServiceAccountPatch},
};

use crate::{
    extract::{Mutation, ServiceAccountAccess},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Changes a service account's name or role. Its keys may do from now on what the role lets them.
#[utoipa::path(
    patch, path = "/v1/service-accounts/{id}", tag = "identity",
    params(("id" = UserId, Path, description = "The account's id")),
    request_body = ServiceAccountPatch,
    responses((status = 200, body = ServiceAccount))
)]
pub(crate) async fn patch_service_account(
    State(state): State<HttpState>,
    access: ServiceAccountAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<ServiceAccountPatch>()?;
    let outcome = state
        .app
        .patch_service_account(&access.actor, access.own, body, key.as_ref())
        .await?;
    Ok(reply::outcome(StatusCode::OK, &outcome))
}
