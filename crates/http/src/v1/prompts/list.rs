//! `GET /v1/sessions/{id}/prompts`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{
    SessionId,
    api::{ListPage, PromptInfo},
};

use crate::{
    extract::{Params, SessionAccess},
    problem::ApiProblem,
    reply,
    state::HttpState,
    v1::ListParams,
};

/// Prompts of the session, oldest first, with what became of each.
#[utoipa::path(
    get, path = "/v1/sessions/{id}/prompts", tag = "prompts",
    params(("id" = SessionId, Path, description = "The session's id"), ListParams),
    responses((status = 200, body = ListPage<PromptInfo>))
)]
pub(crate) async fn list_prompts(
    State(state): State<HttpState>,
    access: SessionAccess,
    Params(params): Params<ListParams>,
) -> Result<Response, ApiProblem> {
    let page = state
        .app
        .list_prompts(&access.actor, &access.own, &params.into())
        .await?;
    Ok(reply::json(StatusCode::OK, &page))
}
