//! `POST /v1/sessions/{id}/artifacts`.

use app::NewArtifact;
use axum::{
    extract::{FromRequestParts, Request, State},
    response::Response,
};
use http::StatusCode;
use protocol::{SessionId, api::Artifact};
use serde::Deserialize;

use super::source::{said, source};
use crate::{
    extract::{Params, SessionAccess, streamed_key},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CreateParams {
    /// One file name, at most 255 characters.
    #[param(
        min_length = 1,
        max_length = 255,
        pattern = r"^[^/\\\x00-\x1F\x7F-\x9F]*[^\s/\\\x00-\x1F\x7F-\x9F][^/\\\x00-\x1F\x7F-\x9F]*$"
    )]
    name: String,
}

/// Keeps a file with the session. The body is the file, of any type, passed on as it comes. One larger than the limit
/// is refused with 413, one that the session has no room for with 409; `limit` says which limit that was.
#[utoipa::path(
    post, path = "/v1/sessions/{id}/artifacts", tag = "artifacts",
    params(("id" = SessionId, Path, description = "The session's id"), CreateParams),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Artifact))
)]
pub(crate) async fn create_artifact(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, body) = request.into_parts();
    let access = SessionAccess::from_request_parts(&mut parts, &state).await?;
    let Params(params) = Params::<CreateParams>::from_request_parts(&mut parts, &state).await?;
    let (media_type, declared) = said(&parts.headers);
    let new = NewArtifact {
        name: params.name,
        media_type,
        declared,
        bytes: source(body),
        key: streamed_key(&parts)?,
    };
    let outcome = state.app.add_artifact(&access.actor, &access.own, new).await?;
    Ok(reply::outcome(StatusCode::CREATED, &outcome))
}
