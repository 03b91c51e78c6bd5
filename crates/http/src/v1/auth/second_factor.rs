//! `POST /v1/auth/sign-in/second-factor`.

use axum::{extract::State, response::Response};
use protocol::api::{SecondFactorSignIn, SignedIn};

use super::{SMALL, signed_in};
use crate::{
    extract::{Mutation, Visitor},
    problem::ApiProblem,
    state::HttpState,
};

/// Signs in with the code that `POST /v1/auth/sign-in` asked for: the six digits of the authenticator, or a recovery code.
/// A challenge takes five guesses within five minutes and signs in once. What is wrong, used or too late is 401
/// `second_factor_failed`.
#[utoipa::path(
    post, path = "/v1/auth/sign-in/second-factor", tag = "identity", security(()),
    request_body = SecondFactorSignIn,
    responses((status = 200, body = SignedIn))
)]
pub(crate) async fn sign_in_with_code(
    State(state): State<HttpState>,
    visitor: Visitor,
    request: Mutation<SMALL>,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<SecondFactorSignIn>()?;
    let new = state.app.sign_in_with_code(body, visitor.device).await?;
    Ok(signed_in(&state, new, visitor.before).await)
}
