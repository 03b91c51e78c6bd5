//! `GET /v1/sessions/{id}/artifacts`.

use app::ListQuery;
use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{
    SessionId,
    api::{Artifact, ListPage},
};
use serde::Deserialize;

use crate::{
    extract::{Params, SessionAccess},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// As of other lists, but the cursor is an artifact's id.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ArtifactParams {
    /// `next_cursor` of the page before.
    #[serde(default)]
    #[param(pattern = "^art_[0-9a-v]{25}[048cgkos]$")]
    cursor: Option<String>,
    /// 1 to 200; 50 when absent.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// What the session has left behind, oldest first.
#[utoipa::path(
    get, path = "/v1/sessions/{id}/artifacts", tag = "artifacts",
    params(("id" = SessionId, Path, description = "The session's id"), ArtifactParams),
    responses((status = 200, body = ListPage<Artifact>))
)]
pub(crate) async fn list_artifacts(
    State(state): State<HttpState>,
    access: SessionAccess,
    Params(params): Params<ArtifactParams>,
) -> Result<Response, ApiProblem> {
    let query = ListQuery {
        cursor: params.cursor,
        limit: params.limit,
    };
    let page = state
        .app
        .list_artifacts(&access.actor, &access.own, &query)
        .await?;
    Ok(reply::json(StatusCode::OK, &page))
}
