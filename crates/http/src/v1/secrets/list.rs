//! `GET /v1/secrets`.

use app::ListQuery;
use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{
    EnvironmentId,
    api::{ListPage, SecretInfo},
};
use serde::Deserialize;

use crate::{
    extract::{Authenticated, Params},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SecretParams {
    /// Those of this environment alone.
    #[serde(default)]
    environment_id: Option<EnvironmentId>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    #[param(pattern = "^[0-9A-Fa-f]{32}$")]
    cursor: Option<String>,
    /// 1 to 200; 50 when absent.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// Secrets of the organisation and of its environments, newest first: names, never values.
#[utoipa::path(
    get, path = "/v1/secrets", tag = "secrets",
    params(SecretParams),
    responses((status = 200, body = ListPage<SecretInfo>))
)]
pub(crate) async fn list_secrets(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    Params(params): Params<SecretParams>,
) -> Result<Response, ApiProblem> {
    let query = ListQuery {
        cursor: params.cursor,
        limit: params.limit,
    };
    Ok(reply::json(
        StatusCode::OK,
        &state
            .app
            .list_secrets(&actor, params.environment_id, &query)
            .await?,
    ))
}
