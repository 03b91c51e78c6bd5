//! `DELETE /v1/api-keys/{id}`.

use axum::{
    extract::{FromRequestParts, Request, State},
    response::Response,
};
use protocol::ApiKeyId;

use crate::{
    extract::{Authenticated, path_id},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

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
    let (mut parts, _) = request.into_parts();
    let Authenticated(actor) = Authenticated::from_request_parts(&mut parts, &state).await?;
    let id = path_id(&mut parts, &state, "id", "API key").await?;
    state.app.revoke_api_key(&actor, id).await?;
    Ok(reply::no_content(false))
}
