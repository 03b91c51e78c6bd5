//! `/v1/orgs/{id}/members`.

use axum::{
    extract::{FromRequestParts, State},
    response::Response,
};
use http::StatusCode;
use protocol::{
    OrgId, UserId,
    api::{ListPage, MemberInfo, MemberPatch},
};

use crate::{
    extract::{Mutation, OrgAccess, Params, path_id},
    problem::ApiProblem,
    reply,
    state::HttpState,
    v1::ListParams,
};

/// Members of an organisation, the newest account first.
#[utoipa::path(
    get, path = "/v1/orgs/{id}/members", tag = "organisations",
    params(("id" = OrgId, Path, description = "The organisation's id"), ListParams),
    responses((status = 200, body = ListPage<MemberInfo>))
)]
pub(crate) async fn list_members(
    State(state): State<HttpState>,
    access: OrgAccess,
    Params(params): Params<ListParams>,
) -> Result<Response, ApiProblem> {
    Ok(reply::json(
        StatusCode::OK,
        &state.app.list_members(&access.actor, &params.into()).await?,
    ))
}

/// A member of the organisation in the path, as the path names them.
#[derive(Debug)]
pub(crate) struct MemberAccess {
    access: OrgAccess,
    user: UserId,
}

impl FromRequestParts<HttpState> for MemberAccess {
    type Rejection = ApiProblem;

    async fn from_request_parts(
        parts: &mut http::request::Parts,
        state: &HttpState,
    ) -> Result<Self, Self::Rejection> {
        let access = OrgAccess::from_request_parts(parts, state).await?;
        let user = path_id(parts, state, "user_id", "member").await?;
        Ok(Self { access, user })
    }
}

/// Gives a member another role, at most one's own; only owners touch owners. Where the member may do less afterwards,
/// their API keys of this organisation are revoked in the same moment. The last owner stays one: 409 `last_owner`.
#[utoipa::path(
    patch, path = "/v1/orgs/{id}/members/{user_id}", tag = "organisations",
    params(
        ("id" = OrgId, Path, description = "The organisation's id"),
        ("user_id" = UserId, Path, description = "The member")
    ),
    request_body = MemberPatch,
    responses((status = 200, body = MemberInfo))
)]
pub(crate) async fn patch_member(
    State(state): State<HttpState>,
    member: MemberAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<MemberPatch>()?;
    let outcome = state
        .app
        .set_member_role(&member.access.actor, member.user, body, key.as_ref())
        .await?;
    Ok(reply::outcome(StatusCode::OK, &outcome))
}

/// Ends a membership. The member's API keys of this organisation are revoked in the same moment, and what they have open
/// in it ends. The last owner stays: 409 `last_owner`.
#[utoipa::path(
    delete, path = "/v1/orgs/{id}/members/{user_id}", tag = "organisations",
    params(
        ("id" = OrgId, Path, description = "The organisation's id"),
        ("user_id" = UserId, Path, description = "The member")
    ),
    responses((status = 204, description = "No longer a member"))
)]
pub(crate) async fn remove_member(
    State(state): State<HttpState>,
    member: MemberAccess,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let key = request.empty()?;
    let outcome = state
        .app
        .remove_member(&member.access.actor, member.user, key.as_ref())
        .await?;
    Ok(reply::no_content(outcome.replayed))
}
