//! `DELETE /v1/sessions/{id}/artifacts/{artifact_id}`.

use axum::{
    extract::{FromRequest, Request, State},
    response::Response,
};
use protocol::{ArtifactId, SessionId};

use super::place;
use crate::{extract::Mutation, problem::ApiProblem, reply, state::HttpState};

/// Takes an artifact away, for everybody. Its place counts as free again.
#[utoipa::path(
    delete, path = "/v1/sessions/{id}/artifacts/{artifact_id}", tag = "artifacts",
    params(
        ("id" = SessionId, Path, description = "The session's id"),
        ("artifact_id" = ArtifactId, Path, description = "The artifact's id"),
    ),
    responses((status = 204))
)]
pub(crate) async fn delete_artifact(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, body) = request.into_parts();
    let (access, id) = place(&mut parts, &state).await?;
    let request = Request::from_parts(parts, body);
    let key = <Mutation>::from_request(request, &state).await?.empty()?;
    let outcome = state
        .app
        .delete_artifact(&access.actor, &access.own, id, key.as_ref())
        .await?;
    Ok(reply::no_content(outcome.replayed))
}
