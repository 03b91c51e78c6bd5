//! `DELETE /v1/orgs/{id}`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{OrgId, api::OrganisationInfo};

use crate::{
    extract::{Mutation, OrgAccess},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Asks for the deletion of an organisation. At once nothing new is begun in it: it can be read and its sessions can be
/// exported, everything else is 409 `organisation_closing`. After the time of grace (7 days unless the operator says
/// otherwise) it is erased with everything of it. Asking again does not move the date.
#[utoipa::path(
    delete, path = "/v1/orgs/{id}", tag = "organisations",
    params(("id" = OrgId, Path, description = "The organisation's id")),
    responses((status = 200, body = OrganisationInfo, description = "Asked for; `deletion` says when"))
)]
pub(crate) async fn delete_organisation(
    State(state): State<HttpState>,
    access: OrgAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let key = request.empty()?;
    let outcome = state.app.delete_organisation(&access.actor, key.as_ref()).await?;
    Ok(reply::outcome(StatusCode::OK, &outcome))
}
