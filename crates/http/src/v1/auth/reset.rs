//! `POST /v1/auth/reset` and `POST /v1/auth/reset/confirm`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{MailPromised, PasswordReset, PasswordResetConfirm};

use super::SMALL;
use crate::{
    extract::{Mutation, Visitor},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Asks for a message with a link that sets a new password. The answer and its time are the same whether the address has
/// an account or not. A repeat sends another message, whatever the idempotency key.
#[utoipa::path(
    post, path = "/v1/auth/reset", tag = "identity", security(()),
    request_body = PasswordReset,
    responses((status = 202, body = MailPromised, description = "If the address is known, a message was sent"))
)]
pub(crate) async fn ask_for_reset(
    State(state): State<HttpState>,
    visitor: Visitor,
    request: Mutation<SMALL>,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<PasswordReset>()?;
    let promised = state.app.ask_for_reset(body, visitor.device.address).await?;
    Ok(reply::json(StatusCode::ACCEPTED, &promised))
}

/// Sets a new password with the token of the message, once, within an hour, and signs all browsers of its user out. It
/// signs nobody in. Used, outdated and unknown tokens are 410 `link_expired`; a weak password uses up nothing.
#[utoipa::path(
    post, path = "/v1/auth/reset/confirm", tag = "identity", security(()),
    request_body = PasswordResetConfirm,
    responses((status = 204))
)]
pub(crate) async fn confirm_reset(
    State(state): State<HttpState>,
    visitor: Visitor,
    request: Mutation<SMALL>,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<PasswordResetConfirm>()?;
    state.app.reset_password(body, visitor.device.address).await?;
    Ok(reply::no_content(false))
}
