//! `PATCH /v1/orgs/{id}`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{
    OrgId,
    api::{OrganisationInfo, OrganisationPatch},
};

use crate::{
    extract::{Mutation, OrgAccess},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Gives an organisation another name. Its slug stays.
#[utoipa::path(
    patch, path = "/v1/orgs/{id}", tag = "organisations",
    params(("id" = OrgId, Path, description = "The organisation's id")),
    request_body = OrganisationPatch,
    responses((status = 200, body = OrganisationInfo))
)]
pub(crate) async fn patch_organisation(
    State(state): State<HttpState>,
    access: OrgAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<OrganisationPatch>()?;
    let outcome = state
        .app
        .rename_organisation(&access.actor, body, key.as_ref())
        .await?;
    Ok(reply::outcome(StatusCode::OK, &outcome))
}
