//! `GET /v1/environments`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{Environment, ListPage};

use crate::{
    extract::{Authenticated, Params},
    problem::ApiProblem,
    reply,
    state::HttpState,
    v1::ListParams,
};

/// Environments of the organisation, newest first.
#[utoipa::path(
    get, path = "/v1/environments", tag = "environments",
    params(ListParams),
    responses((status = 200, body = ListPage<Environment>))
)]
pub(crate) async fn list_environments(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    Params(params): Params<ListParams>,
) -> Result<Response, ApiProblem> {
    Ok(reply::json(
        StatusCode::OK,
        &state.app.list_environments(&actor, &params.into()).await?,
    ))
}
