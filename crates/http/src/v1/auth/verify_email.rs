//! `POST /v1/auth/verify-email`.

use axum::{extract::State, response::Response};
use protocol::api::{EmailVerify, SignedIn};

use super::{SMALL, signed_in};
use crate::{
    extract::{Mutation, Visitor},
    problem::ApiProblem,
    state::HttpState,
};

/// Proves the address of a sign-up with the token of its message and the password that was chosen, and signs in: whoever
/// signs up with somebody else's address gets nothing of it. Used, outdated and unknown tokens are 410 `link_expired`,
/// another password is 401 `sign_in_failed`.
#[utoipa::path(
    post, path = "/v1/auth/verify-email", tag = "identity", security(()),
    request_body = EmailVerify,
    responses((status = 200, body = SignedIn))
)]
pub(crate) async fn verify_email(
    State(state): State<HttpState>,
    visitor: Visitor,
    request: Mutation<SMALL>,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<EmailVerify>()?;
    let new = state.app.verify_email(body, visitor.device).await?;
    Ok(signed_in(&state, new, visitor.before).await)
}
