//! `POST /v1/auth/link`.

use axum::{extract::State, response::Response};
use protocol::api::{LinkSignIn, SignedIn};

use super::{SMALL, signed_in};
use crate::{
    extract::{Mutation, Visitor},
    problem::ApiProblem,
    state::HttpState,
};

/// Signs in with the token of a one-use link, and uses it up. The answer is that of signing in with a password. A link
/// that was used, is too old or unknown is 410 `link_expired`, whatever the idempotency key.
#[utoipa::path(
    post, path = "/v1/auth/link", tag = "identity", security(()),
    request_body = LinkSignIn,
    responses((status = 200, body = SignedIn))
)]
pub(crate) async fn sign_in_with_link(
    State(state): State<HttpState>,
    visitor: Visitor,
    request: Mutation<SMALL>,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<LinkSignIn>()?;
    let new = state.app.redeem_link(body, visitor.device).await?;
    Ok(signed_in(&state, new, visitor.before).await)
}
