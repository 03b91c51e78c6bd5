//! `POST /v1/auth/sign-in`.

use app::SignInOutcome;
use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{SignIn, SignInAnswer};

use super::{SMALL, signed_in};
use crate::{
    extract::{Mutation, Visitor},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Signs in with a password. The answer sets the cookie of the browser session. An unknown address and a wrong password
/// look the same: 401 `sign_in_failed`. With a second factor the answer sets no cookie; it has `second_factor: true` and a
/// challenge for `POST /v1/auth/sign-in/second-factor`. Each call that succeeds opens a session of its own, whatever its idempotency
/// key.
#[utoipa::path(
    post, path = "/v1/auth/sign-in", tag = "identity", security(()),
    request_body = SignIn,
    responses((status = 200, body = SignInAnswer))
)]
pub(crate) async fn sign_in(
    State(state): State<HttpState>,
    visitor: Visitor,
    request: Mutation<SMALL>,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<SignIn>()?;
    match state.app.sign_in(body, visitor.device).await? {
        SignInOutcome::SignedIn(new) => Ok(signed_in(&state, *new, visitor.before).await),
        SignInOutcome::SecondFactor(needed) => {
            Ok(reply::json(StatusCode::OK, &SignInAnswer::SecondFactor(needed)))
        }
    }
}
