//! `/v1/sessions/{id}/artifacts`: files that a session leaves behind.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
mod range;
mod shown;
pub(crate) mod source;

use axum::extract::FromRequestParts;
use http::request::Parts;
use protocol::ArtifactId;

use crate::{
    extract::{SessionAccess, path_id},
    problem::ApiProblem,
    state::HttpState,
};

/// An artifact's id in the path, and the session that it has to be one of.
pub(super) async fn place(
    parts: &mut Parts,
    state: &HttpState,
) -> Result<(SessionAccess, ArtifactId), ApiProblem> {
    let access = SessionAccess::from_request_parts(parts, state).await?;
    let id = path_id(parts, state, "artifact_id", "artifact").await?;
    Ok((access, id))
}
