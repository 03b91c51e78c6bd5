//! `DELETE /v1/api-keys/{id}`.

use axum::{
    extract::{Request, State},
    response::Response,
};
use protocol::ApiKeyId;

use crate::{extract::Deletion, problem::ApiProblem, reply, state::HttpState};

/// From now on the key opens nothing. Revoking it again is fine.
#[utoipa::path(
    delete, path = "/v1/api-keys/{id}", tag = "identity",
    params(("id" = ApiKeyId, Path, description = "The key's id")),
    responses((status = 204, description = "Revoked"))
)]
pub(crate) async fn revoke_api_key(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let deletion = Deletion::read(request, &state, "API key").await?;
    let (actor, id, key) = deletion
        .key(async |actor, id| state.app.resolve_api_key(actor, id).await)
        .await?;
    let outcome = state.app.revoke_api_key(&actor, id, key.as_ref()).await?;
    Ok(reply::no_content(outcome.replayed))
}
