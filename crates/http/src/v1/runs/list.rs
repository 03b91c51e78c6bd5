//! `GET /v1/runs`.

use app::{ListQuery, RunQuery};
use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{ApiKeyId, SessionId, Timestamp, UserId, api::ListPage, run::RunRecord};
use serde::Deserialize;

use crate::{
    extract::{Authenticated, Params},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Which runs.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunParams {
    #[serde(default, alias = "session_id")]
    session: Option<SessionId>,
    #[serde(default, alias = "user_id")]
    user: Option<UserId>,
    /// Id of the API key that gave the prompt.
    #[serde(default, alias = "api_key", alias = "api_key_id")]
    key: Option<ApiKeyId>,
    #[serde(default)]
    model: Option<String>,
    /// Ended at or after.
    #[serde(default)]
    from: Option<Timestamp>,
    /// Ended before.
    #[serde(default)]
    until: Option<Timestamp>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// 1 to 200; 50 when absent.
    #[serde(default)]
    limit: Option<u64>,
}

/// Finished turns of the organisation, newest first. One prompt is one run.
#[utoipa::path(
    get, path = "/v1/runs", tag = "runs",
    params(RunParams),
    responses((status = 200, body = ListPage<RunRecord>))
)]
pub(crate) async fn list_runs(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    Params(params): Params<RunParams>,
) -> Result<Response, ApiProblem> {
    let query = RunQuery {
        session_id: params.session,
        user_id: params.user,
        api_key_id: params.key,
        model: params.model,
        from: params.from,
        until: params.until,
        page: ListQuery {
            cursor: params.cursor,
            limit: params.limit,
        },
    };
    Ok(reply::json(
        StatusCode::OK,
        &state.app.list_runs(&actor, &query).await?,
    ))
}
