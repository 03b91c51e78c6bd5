//! `POST /v1/auth/sign-up`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{MailPromised, SignUp};

use super::SMALL;
use crate::{
    extract::{Mutation, Visitor},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Makes an account, once its address is proved: a message with a link goes there. An address that has an account gets a
/// message, too, and the answer is the same in the same time. Where sign-up takes an invitation, `invitation` is its
/// token. 403 `sign_up_closed` says what this server takes, and nothing about the address. A repeat sends another message,
/// whatever the idempotency key.
#[utoipa::path(
    post, path = "/v1/auth/sign-up", tag = "identity", security(()),
    request_body = SignUp,
    responses((status = 202, body = MailPromised, description = "If the address is new, a message was sent"))
)]
pub(crate) async fn sign_up(
    State(state): State<HttpState>,
    visitor: Visitor,
    request: Mutation<SMALL>,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<SignUp>()?;
    let promised = state.app.sign_up(body, visitor.device.address).await?;
    Ok(reply::json(StatusCode::ACCEPTED, &promised))
}
