//! `GET /v1/api-keys`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{ApiKeyInfo, ListPage};

use crate::{
    extract::{Authenticated, Params},
    problem::ApiProblem,
    reply,
    state::HttpState,
    v1::ListParams,
};

/// Keys of the organisation, newest first, revoked ones too; never their texts.
#[utoipa::path(
    get, path = "/v1/api-keys", tag = "identity",
    params(ListParams),
    responses((status = 200, body = ListPage<ApiKeyInfo>))
)]
pub(crate) async fn list_api_keys(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    Params(params): Params<ListParams>,
) -> Result<Response, ApiProblem> {
    Ok(reply::json(
        StatusCode::OK,
        &state.app.list_api_keys(&actor, &params.into()).await?,
    ))
}
