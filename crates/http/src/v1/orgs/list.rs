//! `GET /v1/orgs`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{ListPage, OrganisationInfo};

use crate::{
    extract::{Authenticated, Params},
    problem::ApiProblem,
    reply,
    state::HttpState,
    v1::ListParams,
};

/// Organisations of the caller, newest first. An API key sees its own alone.
#[utoipa::path(
    get, path = "/v1/orgs", tag = "organisations",
    params(ListParams),
    responses((status = 200, body = ListPage<OrganisationInfo>))
)]
pub(crate) async fn list_organisations(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    Params(params): Params<ListParams>,
) -> Result<Response, ApiProblem> {
    Ok(reply::json(
        StatusCode::OK,
        &state.app.list_organisations(&actor, &params.into()).await?,
    ))
}
