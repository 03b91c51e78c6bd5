//! `GET /v1/service-accounts`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{ListPage, ServiceAccount};

use crate::{
    extract::{Authenticated, Params},
    problem::ApiProblem,
    reply,
    state::HttpState,
    v1::ListParams,
};

/// Service accounts of the organisation, newest first.
#[utoipa::path(
    get, path = "/v1/service-accounts", tag = "identity",
    params(ListParams),
    responses((status = 200, body = ListPage<ServiceAccount>))
)]
pub(crate) async fn list_service_accounts(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    Params(params): Params<ListParams>,
) -> Result<Response, ApiProblem> {
    let page = state.app.list_service_accounts(&actor, &params.into()).await?;
    Ok(reply::json(StatusCode::OK, &page))
}
