//! Who calls: a key, or a browser in which somebody is signed in. A key wins over a cookie.
//!
//! A browser sends its cookie whoever made it do so. What changes something therefore has to carry the CSRF token, which
//! only our own page knows, and what says that it comes from another page is refused altogether.

use app::{AppError, Browser};
use axum::extract::{FromRequestParts, MatchedPath};
use domain::tenancy::{Actor, Asked};
use http::{HeaderMap, Method, header, request::Parts};
use protocol::{OrgId, ProblemCode, SessionId, api::Secret};

use super::{
    address, cookie,
    limit::{admit, admit_person, turn_away, wrong},
    origin::{Origin, origin},
    path_id,
};
use crate::{middleware::RequestContext, problem::ApiProblem, state::HttpState};

const CSRF: &str = "coordinator-csrf";
pub(crate) const ORG: &str = "coordinator-org";
/// Below this a path names a session, and with it its organisation.
const OF_A_SESSION: &str = "/v1/sessions/{id}";

/// A caller with a valid credential.
#[derive(Debug)]
pub(crate) struct Authenticated(pub(crate) Actor);

/// The same, or a person who belongs to no organisation.
#[derive(Debug)]
pub(crate) enum Whoever {
    /// With what a browser has to know about itself.
    Acting(Box<Actor>, Option<Secret>),
    Nowhere(Box<Browser>),
}

/// A person in a browser, and no key.
#[derive(Debug)]
pub(crate) struct InBrowser(pub(crate) Browser);

/// The token of `Authorization: Bearer`. Where the header is there twice, a proxy may have looked at the other one: what
/// comes out is then no key of anybody.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return Some("");
    }
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
        .filter(|token| !token.is_empty())
}

impl FromRequestParts<HttpState> for Authenticated {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        match Whoever::from_request_parts(parts, state).await? {
            Whoever::Acting(actor, _) => Ok(Self(*actor)),
            Whoever::Nowhere(_) => Err(AppError::no_organisation().into()),
        }
    }
}

impl FromRequestParts<HttpState> for Whoever {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        let (actor, csrf_token) = if let Some(key) = bearer(&parts.headers) {
            (keyed(parts, state, key).await?, None)
        } else {
            let browser = browser(parts, state).await?;
            if browser.is_nowhere() {
                admit_person(parts, state, &browser).await?;
                return Ok(Self::Nowhere(Box::new(browser.asking(request_of(parts, state)))));
            }
            let csrf_token = browser.csrf_token();
            (actor(parts, state, &browser).await?, Some(csrf_token))
        };
        let actor = asked(parts, state, actor);
        note(parts, &actor);
        admit(parts, state, &actor).await?;
        Ok(Self::Acting(Box::new(actor), csrf_token))
    }
}

impl FromRequestParts<HttpState> for InBrowser {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        if let Some(key) = bearer(&parts.headers) {
            let actor = keyed(parts, state, key).await?;
            admit(parts, state, &actor).await?;
            return Err(ApiProblem::new(
                ProblemCode::Forbidden,
                "This is for people who signed in with a browser. API keys have a place of their own, `/v1/api-keys`.",
            ));
        }
        let browser = browser(parts, state).await?;
        admit_person(parts, state, &browser).await?;
        Ok(Self(browser.asking(request_of(parts, state))))
    }
}

/// Who a key stands for.
async fn keyed(parts: &Parts, state: &HttpState, key: &str) -> Result<Actor, ApiProblem> {
    turn_away(parts, state, key)?;
    let found = state.app.authenticate(key).await;
    found.map_err(|error| wrong(parts, state, error))
}

/// The browser session of the request's cookie, if the request comes from our own page.
async fn browser(parts: &Parts, state: &HttpState) -> Result<Browser, ApiProblem> {
    let token = cookie::read(&parts.headers, state.settings.https).ok_or_else(AppError::unauthenticated)?;
    let found = state.app.authenticate_browser(token).await;
    let browser = found.map_err(|error| wrong(parts, state, error))?;
    own_page(parts, state)?;
    let only_reads = matches!(parts.method, Method::GET | Method::HEAD);
    let given = parts.headers.get(CSRF).and_then(|value| value.to_str().ok());
    if only_reads || given.is_some_and(|given| browser.is_csrf_token(given)) {
        return Ok(browser);
    }
    Err(ApiProblem::new(
        ProblemCode::CsrfFailed,
        "Send the `csrf_token` of `GET /v1/me` as the header `Coordinator-CSRF`.",
    ))
}

/// Refuses what says that it comes from another page.
pub(crate) fn own_page(parts: &Parts, state: &HttpState) -> Result<(), ApiProblem> {
    match origin(parts, &state.settings) {
        Origin::Own | Origin::Absent => Ok(()),
        Origin::Foreign => Err(foreign()),
    }
}

/// Refuses what does not say that it comes from our own page: sockets, which no other header can vouch for.
pub(crate) fn surely_own_page(parts: &Parts, state: &HttpState) -> Result<(), ApiProblem> {
    match origin(parts, &state.settings) {
        Origin::Own => Ok(()),
        Origin::Absent | Origin::Foreign => Err(foreign()),
    }
}

fn foreign() -> ApiProblem {
    ApiProblem::new(
        ProblemCode::CsrfFailed,
        "The `Origin` of this request is not this server's. Is `COORDINATOR_PUBLIC_URL` the address people use?",
    )
}

/// The browser's user in one organisation: that of the session in the path, else the one that is asked for.
async fn actor(parts: &mut Parts, state: &HttpState, browser: &Browser) -> Result<Actor, ApiProblem> {
    let wanted = match parts.headers.get(ORG) {
        None => None,
        Some(value) => {
            let id = value.to_str().ok().and_then(|text| text.parse::<OrgId>().ok());
            // What is no id cannot be there.
            Some(id.unwrap_or(OrgId::from_bits(0)))
        }
    };
    let of_a_session = parts
        .extensions
        .get::<MatchedPath>()
        .is_some_and(|path| path.as_str().starts_with(OF_A_SESSION));
    if of_a_session && let Ok(id) = path_id::<SessionId>(parts, state, "id", "session").await {
        return Ok(state.app.browser_actor_at(browser, id, wanted).await?);
    }
    Ok(browser.actor(wanted)?)
}

/// The actor with the request that they act through.
pub(crate) fn asked(parts: &Parts, state: &HttpState, actor: Actor) -> Actor {
    Actor {
        asked: request_of(parts, state),
        ..actor
    }
}

fn request_of(parts: &Parts, state: &HttpState) -> Asked {
    Asked {
        address: address::client(parts, &state.settings.trusted_proxies),
        request: parts.extensions.get::<RequestContext>().map(|context| context.id),
    }
}

/// For the log line, and for sharing what all share.
pub(crate) fn note(parts: &Parts, actor: &Actor) {
    ports::lane::go_on_for(actor.org);
    if let Some(context) = parts.extensions.get::<RequestContext>() {
        let _ = context.org.set(actor.org);
    }
}
