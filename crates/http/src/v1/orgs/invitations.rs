//! `/v1/orgs/{id}/invitations`.

use axum::{
    extract::{FromRequestParts, State},
    response::Response,
};
use http::StatusCode;
use protocol::{
    InvitationId, OrgId,
    api::{InvitationCreate, InvitationCreated, InvitationInfo, ListPage},
};

use crate::{
    extract::{Mutation, OrgAccess, Params, path_id},
    problem::ApiProblem,
    reply,
    state::HttpState,
    v1::ListParams,
};

/// Invites somebody, by their address or whoever has the link. `link` is shown this one time: pass it on. It can be
/// accepted once, for 7 days unless `expires_at` says otherwise (30 days at most). Nobody gives a role above their own.
#[utoipa::path(
    post, path = "/v1/orgs/{id}/invitations", tag = "organisations",
    params(("id" = OrgId, Path, description = "The organisation's id")),
    request_body = InvitationCreate,
    responses((status = 201, body = InvitationCreated))
)]
pub(crate) async fn create_invitation(
    State(state): State<HttpState>,
    access: OrgAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<InvitationCreate>()?;
    let outcome = state.app.invite(&access.actor, body, key.as_ref()).await?;
    Ok(reply::outcome(StatusCode::CREATED, &outcome))
}

/// Invitations of an organisation, newest first, never their links. Those that are over stay for 30 days.
#[utoipa::path(
    get, path = "/v1/orgs/{id}/invitations", tag = "organisations",
    params(("id" = OrgId, Path, description = "The organisation's id"), ListParams),
    responses((status = 200, body = ListPage<InvitationInfo>))
)]
pub(crate) async fn list_invitations(
    State(state): State<HttpState>,
    access: OrgAccess,
    Params(params): Params<ListParams>,
) -> Result<Response, ApiProblem> {
    let page = state.app.list_invitations(&access.actor, &params.into()).await?;
    Ok(reply::json(StatusCode::OK, &page))
}

/// An invitation of the organisation in the path, as the path names it.
#[derive(Debug)]
pub(crate) struct InvitationAccess {
    access: OrgAccess,
    id: InvitationId,
}

impl FromRequestParts<HttpState> for InvitationAccess {
    type Rejection = ApiProblem;

    async fn from_request_parts(
        parts: &mut http::request::Parts,
        state: &HttpState,
    ) -> Result<Self, Self::Rejection> {
        let access = OrgAccess::from_request_parts(parts, state).await?;
        let id = path_id(parts, state, "invitation_id", "invitation").await?;
        Ok(Self { access, id })
    }
}

/// Revokes an invitation: from now on its link leads nowhere. One that was accepted is 404; its member is removed below
/// `members`.
#[utoipa::path(
    delete, path = "/v1/orgs/{id}/invitations/{invitation_id}", tag = "organisations",
    params(
        ("id" = OrgId, Path, description = "The organisation's id"),
        ("invitation_id" = InvitationId, Path, description = "The invitation's id")
    ),
    responses((status = 204, description = "Revoked"))
)]
pub(crate) async fn revoke_invitation(
    State(state): State<HttpState>,
    invitation: InvitationAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let key = request.empty()?;
    let outcome = state
        .app
        .revoke_invitation(&invitation.access.actor, invitation.id, key.as_ref())
        .await?;
    Ok(reply::no_content(outcome.replayed))
}
