//! `/v1/auth/sessions` and `POST /v1/auth/sign-out-everywhere`: one's browsers.

use axum::{
    extract::{FromRequest, FromRequestParts, Request, State},
    response::Response,
};
use http::{StatusCode, header};
use protocol::{
    BrowserId,
    api::{BrowserInfo, ListPage, SignOutEverywhere},
};

use super::SMALL;
use crate::{
    extract::{InBrowser, Mutation, cookie, path_id},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// The browsers in which one is signed in, the one used last first; there are at most 50, on one page. For browsers.
#[utoipa::path(
    get, path = "/v1/auth/sessions", tag = "identity",
    responses((status = 200, body = ListPage<BrowserInfo>))
)]
pub(crate) async fn list_browsers(
    State(state): State<HttpState>,
    InBrowser(browser): InBrowser,
) -> Result<Response, ApiProblem> {
    let items = state.app.list_browsers(&browser).await?;
    let page = ListPage {
        items,
        next_cursor: None,
    };
    Ok(reply::json(StatusCode::OK, &page))
}

/// Signs one of one's browsers out, and ends what is open in its name, at once. For browsers; a repeat is 404.
#[utoipa::path(
    delete, path = "/v1/auth/sessions/{id}", tag = "identity",
    params(("id" = BrowserId, Path, description = "The browser session's id")),
    responses((status = 204, description = "Signed out"))
)]
pub(crate) async fn end_browser(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, body) = request.into_parts();
    let InBrowser(browser) = InBrowser::from_request_parts(&mut parts, &state).await?;
    let id = path_id::<BrowserId>(&mut parts, &state, "id", "browser session").await?;
    let request = Mutation::<SMALL>::from_request(Request::from_parts(parts, body), &state).await?;
    request.empty()?;
    state.app.end_browser_by_id(&browser, id).await?;
    Ok(reply::no_content(false))
}

/// Signs one's other browsers out, with `include_current` this one, too; what is open in their names ends at once. For
/// browsers. A repeat is harmless.
#[utoipa::path(
    post, path = "/v1/auth/sign-out-everywhere", tag = "identity",
    request_body = SignOutEverywhere,
    responses((status = 204))
)]
pub(crate) async fn sign_out_everywhere(
    State(state): State<HttpState>,
    InBrowser(browser): InBrowser,
    request: Mutation<SMALL>,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<SignOutEverywhere>()?;
    state
        .app
        .sign_out_everywhere(&browser, body.include_current)
        .await?;
    let mut response = reply::no_content(false);
    if body.include_current
        && let Some(value) = cookie::clear(state.settings.https)
    {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    Ok(response)
}
