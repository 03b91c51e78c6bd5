//! The web app: one page for all of its routes, and the files that the page asks for.
//!
//! The page is for people who navigate: whoever asks for an address of the app without saying `text/html` is a program
//! and gets a problem document, and so does everybody below the addresses of the API. None of this is in the API's
//! description.

mod accept;
mod file;

use axum::{
    Router,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};

use crate::{
    problem::{ApiProblem, no_route},
    state::HttpState,
};
use file::Lasting;

/// Addresses of the app. It has a word of its own for the sessions and settings that don't exist.
const ROUTES: &[&str] = &[
    "/",
    "/new",
    "/sign-in",
    "/sign-up",
    "/verify-email",
    "/reset",
    "/invitation",
    "/welcome",
    "/sessions/{*rest}",
    "/settings",
    "/settings/{*rest}",
];

/// First parts of addresses that belong to programs, or to other pages: a miss there is never answered with the app.
const RESERVED: &[&str] = &[
    "v1",
    "gateway",
    "docs",
    "problems",
    "openapi.json",
    "health",
    "ready",
    "metrics",
    "assets",
];

const ROBOTS: &str = "User-agent: *\nDisallow: /\n";

/// What the page may do: run, ask and show what comes from here, and nothing else. Styles may be inline because lists
/// and menus place things by style; scripts may not.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), \
microphone=(), midi=(), payment=(), serial=(), usb=()";

/// Everything with an address of its own.
pub(crate) fn routes() -> Router<HttpState> {
    ROUTES
        .iter()
        .fold(Router::new(), |router, path| router.route(path, get(page)))
        .route("/assets/{*path}", get(asset))
        .route("/favicon.ico", get(icon))
        .route("/robots.txt", get(robots))
}

/// What no route knows.
pub(crate) async fn otherwise(
    State(state): State<HttpState>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    let missing = || ApiProblem::from(no_route());
    if method != Method::GET && method != Method::HEAD {
        return Err(missing());
    }
    if let Some(file) = state.site.named(uri.path().trim_start_matches('/')) {
        return Ok(bounded(file::answer(file, &headers, Lasting::Asked)));
    }
    let first = uri.path().split('/').nth(1).unwrap_or_default();
    let page = state
        .site
        .page()
        .filter(|_| accept::navigates(&headers) && !RESERVED.contains(&first))
        .ok_or_else(missing)?;
    // The app says that there is no such page, with the way back.
    let mut response = bounded(file::answer(page, &unconditional(headers), Lasting::Asked));
    *response.status_mut() = StatusCode::NOT_FOUND;
    varies(&mut response);
    Ok(response)
}

async fn page(State(state): State<HttpState>, headers: HeaderMap) -> Result<Response, ApiProblem> {
    let page = state
        .site
        .page()
        .filter(|_| accept::navigates(&headers))
        .ok_or_else(no_route)?;
    let mut response = bounded(file::answer(page, &headers, Lasting::Asked));
    varies(&mut response);
    Ok(response)
}

async fn asset(State(state): State<HttpState>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiProblem> {
    let file = state
        .site
        .hashed(uri.path().trim_start_matches('/'))
        .ok_or_else(no_route)?;
    Ok(bounded(file::answer(file, &headers, Lasting::Forever)))
}

/// Browsers ask here for pages that name no icon, such as the API's description.
async fn icon(State(state): State<HttpState>, headers: HeaderMap) -> Result<Response, ApiProblem> {
    let file = state.site.icon().ok_or_else(no_route)?;
    Ok(bounded(file::answer(file, &headers, Lasting::Asked)))
}

/// Sessions are nobody's search results.
async fn robots() -> Response {
    (
        [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
            (header::CACHE_CONTROL, "max-age=86400"),
        ],
        ROBOTS,
    )
        .into_response()
}

/// The page and its scripts, in the bounds they run in. Workers take theirs from their own file, so every file has them.
fn bounded(mut response: Response<Body>) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The same address answers programs otherwise.
fn varies(response: &mut Response) {
    response
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("accept, accept-encoding"));
}

fn unconditional(mut headers: HeaderMap) -> HeaderMap {
    headers.remove(header::IF_NONE_MATCH);
    headers
}

#[cfg(test)]
mod tests {
    use super::{RESERVED, ROUTES};
    use crate::router::described;

    #[test]
    fn every_address_of_the_api_is_reserved_and_none_of_the_app() {
        let document = described().split_for_parts().1;
        let first = |path: &str| path.split('/').nth(1).unwrap_or_default().to_owned();
        for path in document.paths.paths.keys() {
            assert!(RESERVED.contains(&first(path).as_str()), "{path}");
        }
        for route in ROUTES {
            assert!(!RESERVED.contains(&first(route).as_str()), "{route}");
        }
    }
}
