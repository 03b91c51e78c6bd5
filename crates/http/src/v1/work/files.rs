//! `GET /v1/sessions/{id}/files`.

use app::Found;
use axum::{extract::State, response::Response};
use http::{HeaderValue, StatusCode, header};
use protocol::{SessionId, probe::FileEntry};
use serde::Deserialize;

use super::stream;
use crate::{
    extract::{Params, SessionAccess},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileParams {
    /// Relative to the workspace; the workspace itself when absent.
    #[serde(default)]
    path: String,
}

/// A file's bytes, or, for a directory, what it holds.
#[utoipa::path(
    get, path = "/v1/sessions/{id}/files", tag = "work",
    params(("id" = SessionId, Path, description = "The session's id"), FileParams),
    responses((status = 200, description = "A directory as JSON, a file as `application/octet-stream`", content(
        (Vec<FileEntry> = "application/json"),
        (Vec<u8> = "application/octet-stream"),
    )))
)]
pub(crate) async fn get_file(
    State(state): State<HttpState>,
    access: SessionAccess,
    Params(params): Params<FileParams>,
) -> Result<Response, ApiProblem> {
    match state
        .app
        .session_file(&access.actor, &access.own, &params.path)
        .await?
    {
        Found::Directory(entries) => Ok(reply::json(StatusCode::OK, &entries)),
        Found::File(bytes) => {
            let mut response = stream(bytes, "application/octet-stream");
            response.headers_mut().insert(
                header::CONTENT_DISPOSITION,
                HeaderValue::from_static("attachment"),
            );
            Ok(response)
        }
    }
}
