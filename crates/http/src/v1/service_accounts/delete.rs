//! `DELETE /v1/service-accounts/{id}`.

use axum::{
    extract::{Request, State},
    response::Response,
};
use protocol::UserId;

use crate::{extract::Deletion, problem::ApiProblem, reply, state::HttpState};

/// Removes a service account and revokes its keys at once. What it made stays.
#[utoipa::path(
    delete, path = "/v1/service-accounts/{id}", tag = "identity",
    params(("id" = UserId, Path, description = "The account's id")),
    responses((status = 204, description = "Removed"))
)]
pub(crate) async fn delete_service_account(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let deletion = Deletion::read(request, &state, "service account").await?;
    let (actor, id, key) = deletion
        .key(async |actor, id| state.app.resolve_service_account(actor, id).await)
        .await?;
    let outcome = state.app.delete_service_account(&actor, id, key.as_ref()).await?;
    Ok(reply::no_content(outcome.replayed))
}
