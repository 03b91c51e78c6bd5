//! `POST /v1/auth/sign-out`.

use axum::{extract::State, response::Response};
use http::header;

use crate::{
    extract::{ClientAddress, InBrowser, Mutation, cookie},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Ends this browser session, and what is open in its name, at once. For browsers; a repeat finds nobody signed in.
#[utoipa::path(post, path = "/v1/auth/sign-out", tag = "identity", responses((status = 204)))]
pub(crate) async fn sign_out(
    State(state): State<HttpState>,
    InBrowser(browser): InBrowser,
    ClientAddress(address): ClientAddress,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    request.empty()?;
    state.app.sign_out(&browser, address).await?;
    let mut response = reply::no_content(false);
    if let Some(value) = cookie::clear(state.settings.https) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    Ok(response)
}
