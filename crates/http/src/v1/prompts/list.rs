//! `GET /v1/sessions/{id}/prompts`.

use app::ListQuery;
use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{
    SessionId,
    api::{ListPage, PromptInfo},
};
use serde::Deserialize;

use crate::{
    extract::{Params, SessionAccess},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// As of other lists, but the cursor is a place in the log.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PromptParams {
    /// `next_cursor` of the page before.
    #[serde(default)]
    #[param(pattern = "^[0-9]{1,19}$")]
    cursor: Option<String>,
    /// 1 to 200; 50 when absent.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// Prompts of the session, oldest first, with what became of each.
#[utoipa::path(
    get, path = "/v1/sessions/{id}/prompts", tag = "prompts",
    params(("id" = SessionId, Path, description = "The session's id"), PromptParams),
    responses((status = 200, body = ListPage<PromptInfo>))
)]
pub(crate) async fn list_prompts(
    State(state): State<HttpState>,
    access: SessionAccess,
    Params(params): Params<PromptParams>,
) -> Result<Response, ApiProblem> {
    let query = ListQuery {
        cursor: params.cursor,
        limit: params.limit,
    };
    let page = state.app.list_prompts(&access.actor, &access.own, &query).await?;
    Ok(reply::json(StatusCode::OK, &page))
}
