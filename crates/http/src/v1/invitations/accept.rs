//! `POST /v1/invitations/accept`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{InvitationToken, OrganisationInfo};

use super::SMALL;
use crate::{
    extract::{InBrowser, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Accepts an invitation: the person who is signed in becomes a member, and the link works no more. For people in
/// browsers. Used, revoked, outdated and unknown ones are all 410 `invitation_expired`.
#[utoipa::path(
    post, path = "/v1/invitations/accept", tag = "organisations",
    request_body = InvitationToken,
    responses((status = 200, body = OrganisationInfo))
)]
pub(crate) async fn accept_invitation(
    State(state): State<HttpState>,
    InBrowser(browser): InBrowser,
    request: Mutation<SMALL>,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<InvitationToken>()?;
    let outcome = state.app.accept_invitation(&browser, &body, key.as_ref()).await?;
    Ok(reply::outcome(StatusCode::OK, &outcome))
}
