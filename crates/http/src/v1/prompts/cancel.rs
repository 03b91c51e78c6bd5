//! `DELETE /v1/sessions/{id}/prompts/{prompt_id}`.

use axum::{
    extract::{FromRequest, FromRequestParts, Request, State},
    response::Response,
};
use protocol::{PromptId, SessionId};

use crate::{
    extract::{Mutation, SessionAccess, path_id},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Cancels a prompt that waits. A running one is stopped with `interrupt`.
#[utoipa::path(
    delete, path = "/v1/sessions/{id}/prompts/{prompt_id}", tag = "prompts",
    params(
        ("id" = SessionId, Path, description = "The session's id"),
        ("prompt_id" = PromptId, Path, description = "The prompt's id"),
    ),
    responses((status = 204, description = "Cancelled"))
)]
pub(crate) async fn cancel_prompt(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, body) = request.into_parts();
    let access = SessionAccess::from_request_parts(&mut parts, &state).await?;
    let prompt_id = path_id(&mut parts, &state, "prompt_id", "prompt").await?;
    let key = Mutation::<{ 256 * 1024 }>::from_request(Request::from_parts(parts, body), &state)
        .await?
        .empty()?;
    let outcome = state
        .app
        .cancel_prompt(&access.actor, &access.own, prompt_id, key.as_ref())
        .await?;
    Ok(reply::no_content(outcome.replayed))
}
