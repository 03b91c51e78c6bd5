//! `GET /v1/sessions/{id}/artifacts`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{
    SessionId,
    api::{Artifact, ListPage},
};

use crate::{
    extract::{Params, SessionAccess},
    problem::ApiProblem,
    reply,
    state::HttpState,
    v1::ListParams,
};

/// What the session has left behind, oldest first.
#[utoipa::path(
    get, path = "/v1/sessions/{id}/artifacts", tag = "artifacts",
    params(("id" = SessionId, Path, description = "The session's id"), ListParams),
    responses((status = 200, body = ListPage<Artifact>))
)]
pub(crate) async fn list_artifacts(
    State(state): State<HttpState>,
    access: SessionAccess,
    Params(params): Params<ListParams>,
) -> Result<Response, ApiProblem> {
    let page = state
        .app
        .list_artifacts(&access.actor, &access.own, &params.into())
        .await?;
    Ok(reply::json(StatusCode::OK, &page))
}
