//! `DELETE /v1/sessions/{id}`.

use axum::{
    extract::{Request, State},
    response::Response,
};
use protocol::SessionId;

use crate::{extract::Deletion, problem::ApiProblem, reply, state::HttpState};

/// Deletes a session with everything of it: sandbox, workspace, home, log, runs and token.
#[utoipa::path(
    delete, path = "/v1/sessions/{id}", tag = "sessions",
    params(("id" = SessionId, Path, description = "The session's id")),
    responses((status = 204, description = "Gone"))
)]
pub(crate) async fn delete_session(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let deletion = Deletion::read(request, &state, "session").await?;
    let (actor, id, key) = deletion
        .key(async |actor, id| state.app.resolve_session(actor, id).await)
        .await?;
    let outcome = state.app.delete_session(&actor, id, key.as_ref()).await?;
    Ok(reply::no_content(outcome.replayed))
}
