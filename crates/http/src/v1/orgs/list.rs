//! `GET /v1/orgs`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{ListPage, OrganisationInfo};

use crate::{
    extract::{Caller, Params},
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
    caller: Caller,
    Params(params): Params<ListParams>,
) -> Result<Response, ApiProblem> {
    let query = params.into();
    let page = match caller {
        Caller::Key(actor) => state.app.list_key_organisations(&actor, &query).await?,
        Caller::Person(browser) => state.app.list_own_organisations(&browser, &query)?,
    };
    Ok(reply::json(StatusCode::OK, &page))
}
