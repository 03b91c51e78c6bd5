//! `POST /v1/orgs/{id}/restore`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{OrgId, api::OrganisationInfo};

use crate::{
    extract::{Mutation, OrgAccess},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Takes the deletion of an organisation back, as long as the time of grace lasts. Everything is as it was before.
#[utoipa::path(
    post, path = "/v1/orgs/{id}/restore", tag = "organisations",
    params(("id" = OrgId, Path, description = "The organisation's id")),
    responses((status = 200, body = OrganisationInfo, description = "Restored"))
)]
pub(crate) async fn restore_organisation(
    State(state): State<HttpState>,
    access: OrgAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let key = request.empty()?;
    let outcome = state
        .app
        .restore_organisation(&access.actor, key.as_ref())
        .await?;
    Ok(reply::outcome(StatusCode::OK, &outcome))
}
