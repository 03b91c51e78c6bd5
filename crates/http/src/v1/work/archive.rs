//! `GET /v1/sessions/{id}/archive`.

use axum::{extract::State, response::Response};
use http::{HeaderValue, header};
use protocol::SessionId;
use serde::Deserialize;

use super::stream;
use crate::{
    extract::{Params, SessionAccess},
    problem::ApiProblem,
    state::HttpState,
};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ArchiveParams {
    /// With the repository's `.git`.
    #[serde(default)]
    git: bool,
}

/// The session's workspace as a tar archive. (`POST` on this address closes the session.)
#[utoipa::path(
    get, path = "/v1/sessions/{id}/archive", tag = "work",
    params(("id" = SessionId, Path, description = "The session's id"), ArchiveParams),
    responses((status = 200, content_type = "application/x-tar", body = Vec<u8>))
)]
pub(crate) async fn get_archive(
    State(state): State<HttpState>,
    access: SessionAccess,
    Params(params): Params<ArchiveParams>,
) -> Result<Response, ApiProblem> {
    let bytes = state
        .app
        .session_archive(&access.actor, &access.own, params.git)
        .await?;
    let mut response = stream(bytes, "application/x-tar");
    let name = format!("attachment; filename=\"{}.tar\"", access.own.id());
    if let Ok(value) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
