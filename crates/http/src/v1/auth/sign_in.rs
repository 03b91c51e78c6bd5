//! `POST /v1/auth/sign-in`.

use axum::{extract::State, response::Response};
use protocol::api::{SignIn, SignedIn};

use super::{SMALL, signed_in};
use crate::{
    extract::{Mutation, Visitor},
    problem::ApiProblem,
    state::HttpState,
};

/// Signs in with a password. The answer sets the cookie of the browser session. An unknown address and a wrong password
/// look the same: 401 `sign_in_failed`. Each call that succeeds opens a session of its own, whatever its idempotency
/// key.
#[utoipa::path(
    post, path = "/v1/auth/sign-in", tag = "identity", security(()),
    request_body = SignIn,
    responses((status = 200, body = SignedIn))
)]
pub(crate) async fn sign_in(
    State(state): State<HttpState>,
    visitor: Visitor,
    request: Mutation<SMALL>,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<SignIn>()?;
    let new = state.app.sign_in(body, visitor.address).await?;
    Ok(signed_in(&state, new, visitor.before).await)
}
