//! `POST /v1/orgs/{id}/transfer`.

use axum::{extract::State, response::Response};
use protocol::{OrgId, api::OwnershipTransfer};

use crate::{
    extract::{Mutation, OrgAccess},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Hands an organisation over: the other becomes an owner and whoever asks an admin, in one step. API keys that the
/// former owner made in it are revoked with it. For people in browsers.
#[utoipa::path(
    post, path = "/v1/orgs/{id}/transfer", tag = "organisations",
    params(("id" = OrgId, Path, description = "The organisation's id")),
    request_body = OwnershipTransfer,
    responses((status = 204))
)]
pub(crate) async fn transfer_organisation(
    State(state): State<HttpState>,
    access: OrgAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<OwnershipTransfer>()?;
    let outcome = state
        .app
        .transfer_organisation(&access.actor, body, key.as_ref())
        .await?;
    Ok(reply::no_content(outcome.replayed))
}
