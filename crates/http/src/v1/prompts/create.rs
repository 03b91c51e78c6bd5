//! `POST /v1/sessions/{id}/prompts`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{
    SessionId,
    api::{PromptAccepted, PromptCreate},
};

use crate::{
    extract::{Mutation, SessionAccess},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Room for 8 MiB of attachments in base64 and the text.
pub(crate) const WITH_ATTACHMENTS: usize = 12 << 20;

/// Gives the session a prompt. It runs at once, or after those that wait.
#[utoipa::path(
    post, path = "/v1/sessions/{id}/prompts", tag = "prompts",
    params(("id" = SessionId, Path, description = "The session's id")),
    request_body = PromptCreate,
    responses((status = 202, body = PromptAccepted))
)]
pub(crate) async fn create_prompt(
    State(state): State<HttpState>,
    access: SessionAccess,
    request: Mutation<WITH_ATTACHMENTS>,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<PromptCreate>()?;
    let outcome = state
        .app
        .enqueue_prompt(&access.actor, &access.own, body, key.as_ref())
        .await?;
    Ok(reply::outcome(StatusCode::ACCEPTED, &outcome))
}
