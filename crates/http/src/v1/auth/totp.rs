//! `/v1/auth/totp`: one's authenticator.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{RecoveryCodes, TotpConfirm, TotpRemove, TotpStarted};

use super::SMALL;
use crate::{
    extract::{ClientAddress, InBrowser, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Makes a secret for one's authenticator, shown this one time. It counts once a first code was right; starting again
/// takes its place until then. 409 when there is a second factor already. For browsers.
#[utoipa::path(
    post, path = "/v1/auth/totp", tag = "identity",
    responses((status = 200, body = TotpStarted))
)]
pub(crate) async fn start_totp(
    State(state): State<HttpState>,
    InBrowser(browser): InBrowser,
    request: Mutation<SMALL>,
) -> Result<Response, ApiProblem> {
    request.empty()?;
    let started = state.app.start_totp(&browser).await?;
    Ok(reply::json(StatusCode::OK, &started))
}

/// From now on signing in with the password takes a code. Answers ten recovery codes, each of which stands for the
/// authenticator once; they are shown this one time. For browsers.
#[utoipa::path(
    post, path = "/v1/auth/totp/confirm", tag = "identity",
    request_body = TotpConfirm,
    responses((status = 200, body = RecoveryCodes))
)]
pub(crate) async fn confirm_totp(
    State(state): State<HttpState>,
    InBrowser(browser): InBrowser,
    request: Mutation<SMALL>,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<TotpConfirm>()?;
    let codes = state.app.confirm_totp(&browser, body).await?;
    Ok(reply::json(StatusCode::OK, &codes))
}

/// Takes the second factor away. The password or a code is needed. A second time is fine. For browsers.
#[utoipa::path(
    delete, path = "/v1/auth/totp", tag = "identity",
    request_body = TotpRemove,
    responses((status = 204))
)]
pub(crate) async fn remove_totp(
    State(state): State<HttpState>,
    InBrowser(browser): InBrowser,
    ClientAddress(address): ClientAddress,
    request: Mutation<SMALL>,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<TotpRemove>()?;
    state.app.remove_totp(&browser, body, address).await?;
    Ok(reply::no_content(false))
}
