//! `DELETE /v1/secrets/{id}`.

use axum::{
    extract::{Request, State},
    response::Response,
};
use protocol::SecretId;

use crate::{extract::Deletion, problem::ApiProblem, reply, state::HttpState};

/// Deletes a secret. Sandboxes that run keep what they were given.
#[utoipa::path(
    delete, path = "/v1/secrets/{id}", tag = "secrets",
    params(("id" = SecretId, Path, description = "The secret's id")),
    responses((status = 204, description = "Deleted"))
)]
pub(crate) async fn delete_secret(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let deletion = Deletion::read(request, &state, "secret").await?;
    let (actor, id, key) = deletion
        .key(async |actor, id| state.app.resolve_secret(actor, id).await)
        .await?;
    let outcome = state.app.delete_secret(&actor, id, key.as_ref()).await?;
    Ok(reply::no_content(outcome.replayed))
}
