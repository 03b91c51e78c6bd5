//! `GET /v1/orgs/{id}`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{OrgId, api::OrganisationInfo};

use crate::{extract::OrgAccess, problem::ApiProblem, reply, state::HttpState};

/// An organisation of the caller. While it is going to be deleted, `deletion` says when.
#[utoipa::path(
    get, path = "/v1/orgs/{id}", tag = "organisations",
    params(("id" = OrgId, Path, description = "The organisation's id")),
    responses((status = 200, body = OrganisationInfo))
)]
pub(crate) async fn get_organisation(
    State(state): State<HttpState>,
    access: OrgAccess,
) -> Result<Response, ApiProblem> {
    Ok(reply::json(
        StatusCode::OK,
        &state.app.get_organisation(&access.actor).await?,
    ))
}
