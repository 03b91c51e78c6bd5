//! `POST /v1/invitations/preview`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{InvitationPreview, InvitationToken};

use super::SMALL;
use crate::{
    extract::{Mutation, Visitor},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Shows whoever has a link which organisation it leads into, and with which role. It changes nothing; the token is in
/// the body so that it reaches no log. Used, revoked, outdated and unknown ones are all 410 `invitation_expired`.
#[utoipa::path(
    post, path = "/v1/invitations/preview", tag = "organisations", security(()),
    request_body = InvitationToken,
    responses((status = 200, body = InvitationPreview))
)]
pub(crate) async fn preview_invitation(
    State(state): State<HttpState>,
    visitor: Visitor,
    request: Mutation<SMALL>,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<InvitationToken>()?;
    let preview = state
        .app
        .preview_invitation(&body, visitor.device.address)
        .await?;
    Ok(reply::json(StatusCode::OK, &preview))
}
