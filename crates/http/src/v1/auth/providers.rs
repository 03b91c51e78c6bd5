//! `/v1/auth/providers`: the ways in, and setting out for a provider.

use app::LoginBegun;
use axum::{
    extract::{FromRequest, FromRequestParts, Request, State},
    response::Response,
};
use http::{HeaderValue, StatusCode, header};
use protocol::api::{ProviderLink, ProviderStart, ProviderStarted, SignInWays};
use serde::Deserialize;

use super::SMALL;
use crate::{
    extract::{InBrowser, Mutation, Params, Visitor, cookie, path_text},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Where a browser is sent when it cannot set out.
const SIGN_IN: &str = "/sign-in";

/// The ways to sign in on this server. For everybody.
#[utoipa::path(
    get, path = "/v1/auth/providers", tag = "identity", security(()),
    responses((status = 200, body = SignInWays))
)]
pub(crate) async fn list_providers(State(state): State<HttpState>) -> Response {
    reply::json(StatusCode::OK, &state.app.sign_in_ways())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GoParams {
    #[serde(default)]
    return_to: Option<String>,
}

/// Sends a browser to a provider. The cookie that comes along has to be there when it returns, within ten minutes. What
/// goes wrong is said on the sign-in page: `/sign-in?trouble=<code of the problem>`.
#[utoipa::path(
    get, path = "/v1/auth/providers/{id}/start", tag = "identity", security(()),
    params(
        ("id" = String, Path, description = "The provider, as `GET /v1/auth/providers` lists it"),
        ("return_to" = Option<String>, Query, description = "A path of this server to come back to; anything else is `/`"),
    ),
    responses((status = 303, description = "To the provider"))
)]
pub(crate) async fn go_to_provider(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, _) = request.into_parts();
    let id = path_text(&mut parts, &state, "id").await?;
    let Params(params) = Params::<GoParams>::from_request_parts(&mut parts, &state).await?;
    let visitor = Visitor::from_request_parts(&mut parts, &state).await?;
    let body = ProviderStart {
        return_to: params.return_to,
        invitation: None,
    };
    let begun = state.app.start_login(&id, &body, visitor.device.address).await;
    match begun {
        Ok(begun) => Ok(with_cookie(&state, &begun, see_other(begun.url.expose()))),
        Err(error) if error.code == protocol::ProblemCode::NotFound => Err(error.into()),
        Err(error) => Ok(troubled(SIGN_IN, &error)),
    }
}

/// The same for a page that has an invitation, which is no part of an address: it answers where to go.
#[utoipa::path(
    post, path = "/v1/auth/providers/{id}/start", tag = "identity", security(()),
    params(("id" = String, Path, description = "The provider, as `GET /v1/auth/providers` lists it")),
    request_body = ProviderStart,
    responses((status = 200, body = ProviderStarted))
)]
pub(crate) async fn start_at_provider(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, body) = request.into_parts();
    let id = path_text(&mut parts, &state, "id").await?;
    let visitor = Visitor::from_request_parts(&mut parts, &state).await?;
    let request = Mutation::<SMALL>::from_request(Request::from_parts(parts, body), &state).await?;
    let (body, _key) = request.json::<ProviderStart>()?;
    let begun = state.app.start_login(&id, &body, visitor.device.address).await?;
    Ok(told(&state, begun))
}

/// Begins to link an identity at the provider to whoever is signed in, and answers where to go. It has to be finished in
/// this browser, and links nothing to anybody else. For browsers.
#[utoipa::path(
    post, path = "/v1/auth/providers/{id}/link", tag = "identity",
    params(("id" = String, Path, description = "The provider, as `GET /v1/auth/providers` lists it")),
    request_body = ProviderLink,
    responses((status = 200, body = ProviderStarted))
)]
pub(crate) async fn link_provider(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, body) = request.into_parts();
    let InBrowser(browser) = InBrowser::from_request_parts(&mut parts, &state).await?;
    let id = path_text(&mut parts, &state, "id").await?;
    let request = Mutation::<SMALL>::from_request(Request::from_parts(parts, body), &state).await?;
    let (body, _key) = request.json::<ProviderLink>()?;
    let begun = state
        .app
        .start_linking(&browser, &id, body.return_to.as_deref())
        .await?;
    Ok(told(&state, begun))
}

fn told(state: &HttpState, begun: LoginBegun) -> Response {
    let started = ProviderStarted {
        url: begun.url.clone(),
    };
    with_cookie(state, &begun, reply::json(StatusCode::OK, &started))
}

fn with_cookie(state: &HttpState, begun: &LoginBegun, mut response: Response) -> Response {
    if let Some(value) = cookie::set_attempt(&begun.cookie, state.settings.https) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// To another address, which nobody is told where the browser came from.
pub(super) fn see_other(to: &str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, to);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// To a page of ours that says what went wrong. Only the code goes there; the cause is logged here.
pub(super) fn troubled(page: &str, error: &app::AppError) -> Response {
    if let Some(cause) = &error.cause {
        tracing::info!(
            code = error.code.slug(),
            cause = %crate::problem::chain(cause.as_ref()),
            "signing in through a provider was refused"
        );
    }
    see_other(&with_query(page, "trouble", error.code.slug()))
}

/// Adds a parameter to a path of ours, before its fragment.
pub(super) fn with_query(path: &str, name: &str, value: &str) -> String {
    let (path, fragment) = path
        .split_once('#')
        .map_or((path, ""), |(path, rest)| (path, rest));
    let joint = if path.contains('?') { '&' } else { '?' };
    let fragment = if fragment.is_empty() {
        String::new()
    } else {
        format!("#{fragment}")
    };
    format!("{path}{joint}{name}={}{fragment}", encoded(value))
}

/// What stands for itself in a query, and the rest in percent signs.
fn encoded(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_put_before_the_fragment() {
        assert_eq!(with_query("/a", "trouble", "x"), "/a?trouble=x");
        assert_eq!(
            with_query("/a?b=c#d", "to", "/e?f&g=#h"),
            "/a?b=c&to=/e%3Ff%26g%3D%23h#d"
        );
    }
}
