//! `/v1/auth/identities`: the identities at providers that sign one in.

use axum::{
    extract::{FromRequest, FromRequestParts, Request, State},
    response::Response,
};
use http::StatusCode;
use protocol::{
    IdentityId,
    api::{IdentityInfo, ListPage},
};

use super::SMALL;
use crate::{
    extract::{InBrowser, Mutation, path_id},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// The identities that sign one in, the one linked first first; there are at most 10, on one page. For browsers.
#[utoipa::path(
    get, path = "/v1/auth/identities", tag = "identity",
    responses((status = 200, body = ListPage<IdentityInfo>))
)]
pub(crate) async fn list_identities(
    State(state): State<HttpState>,
    InBrowser(browser): InBrowser,
) -> Result<Response, ApiProblem> {
    let page = ListPage::whole(state.app.list_identities(&browser).await?);
    Ok(reply::json(StatusCode::OK, &page))
}

/// The identity signs one in no more; browsers that it signed in stay signed in. 409 `last_way_in` when there is no
/// password and no other identity. For browsers; a repeat is 404.
#[utoipa::path(
    delete, path = "/v1/auth/identities/{id}", tag = "identity",
    params(("id" = IdentityId, Path, description = "The identity's id")),
    responses((status = 204, description = "Taken away"))
)]
pub(crate) async fn unlink_identity(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, body) = request.into_parts();
    let InBrowser(browser) = InBrowser::from_request_parts(&mut parts, &state).await?;
    let id = path_id::<IdentityId>(&mut parts, &state, "id", "identity").await?;
    let request = Mutation::<SMALL>::from_request(Request::from_parts(parts, body), &state).await?;
    request.empty()?;
    state.app.unlink_identity(&browser, id).await?;
    Ok(reply::no_content(false))
}
