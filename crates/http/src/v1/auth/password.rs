//! `PUT /v1/auth/password`.

use axum::{extract::State, response::Response};
use protocol::api::PasswordSet;

use super::SMALL;
use crate::{
    extract::{ClientAddress, InBrowser, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Sets one's own password and signs one's other browsers out. For browsers. The present password is needed where there
/// is one, unless a link signed in here within the last 15 minutes. A repeat is harmless and needs no idempotency key.
#[utoipa::path(
    put, path = "/v1/auth/password", tag = "identity",
    request_body = PasswordSet,
    responses((status = 204))
)]
pub(crate) async fn set_password(
    State(state): State<HttpState>,
    InBrowser(browser): InBrowser,
    ClientAddress(address): ClientAddress,
    request: Mutation<SMALL>,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<PasswordSet>()?;
    state.app.set_password(&browser, body, address).await?;
    Ok(reply::no_content(false))
}
