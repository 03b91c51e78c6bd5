//! Signing up, in and out in a browser, and one's own account: password, second factor, browsers.

pub(crate) mod browsers;
pub(crate) mod callback;
pub(crate) mod identities;
pub(crate) mod link;
pub(crate) mod password;
pub(crate) mod providers;
pub(crate) mod reset;
pub(crate) mod second_factor;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod sign_up;
pub(crate) mod totp;
pub(crate) mod verify_email;

use app::NewBrowser;
use axum::response::Response;
use http::{StatusCode, header};

use crate::{extract::cookie, reply, state::HttpState};

/// A credential is small.
const SMALL: usize = 16 * 1024;

/// Gives a browser its cookie, and ends the session whose place it takes.
async fn signed_in(state: &HttpState, new: NewBrowser, before: Option<String>) -> Response {
    let mut response = reply::json(StatusCode::OK, &new.answer);
    enter(state, &new, before, &mut response).await;
    response
}

/// The same with an answer that is there already.
async fn enter(state: &HttpState, new: &NewBrowser, before: Option<String>, response: &mut Response) {
    if let Some(before) = before
        && let Err(error) = state.app.leave_browser(&before).await
    {
        // It ends by itself; the new one counts.
        tracing::warn!(%error, "a browser session that was replaced has not ended");
    }
    if let Some(value) = cookie::set(&new.token, state.settings.https) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
