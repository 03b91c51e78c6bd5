//! Counts requests: of somebody who is known for their organisation and key, of anybody else for their address.

use app::{AppError, Browser};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::tenancy::Actor;
use http::request::Parts;

use super::address;
use crate::{middleware::RequestContext, problem::ApiProblem, state::HttpState};

/// Answers at once and from memory, and is asked all the time: probes of orchestrators, collectors of metrics.
const NOT_COUNTED: [&str; 3] = ["/health", "/ready", "/metrics"];
/// What of the API is there for people who are not signed in.
const FOR_VISITORS: [&str; 2] = ["/v1/auth/", "/v1/invitations/preview"];
const API: &str = "/v1/";

/// A caller who is known: counted once for each request, and given a turn, which is held until the answer begins.
pub(crate) async fn admit(parts: &Parts, state: &HttpState, actor: &Actor) -> Result<(), ApiProblem> {
    let Some(context) = parts.extensions.get::<RequestContext>() else {
        return Ok(());
    };
    if context.limits.get().is_some() {
        return Ok(());
    }
    let admission = state.app.admit(actor);
    let _ = context.limits.set(admission.lines);
    match admission.refused {
        Some(refused) => Err(refused.into()),
        None => {
            context.hold(state.app.turn(actor.org).await?);
            Ok(())
        }
    }
}

/// A person who is signed in, whichever organisation they mean: counted where the browser is at home, and who is a member
/// nowhere for the address, as somebody who is not known.
pub(crate) async fn admit_person(
    parts: &Parts,
    state: &HttpState,
    browser: &Browser,
) -> Result<(), ApiProblem> {
    match browser.actor(None) {
        Ok(actor) => admit(parts, state, &actor).await,
        // Counted before it came here.
        Err(_) if is_open(parts.uri.path()) => Ok(()),
        Err(_) => {
            let from = address::client(parts, &state.settings.trusted_proxies);
            Ok(state.app.admit_visitor(from)?)
        }
    }
}

fn is_open(path: &str) -> bool {
    !path.starts_with(API) || FOR_VISITORS.iter().any(|open| path.starts_with(open))
}

/// Refuses, before it is looked up, a key that has nothing left.
pub(crate) fn turn_away(parts: &Parts, state: &HttpState, key: &str) -> Result<(), ApiProblem> {
    let Some(admission) = state.app.turn_away(key) else {
        return Ok(());
    };
    if let Some(context) = parts.extensions.get::<RequestContext>() {
        let _ = context.limits.set(admission.lines);
    }
    admission.refused.map_or(Ok(()), |refused| Err(refused.into()))
}

/// A credential that was given and is wrong.
pub(crate) fn wrong(parts: &Parts, state: &HttpState, error: AppError) -> ApiProblem {
    let from = address::client(parts, &state.settings.trusted_proxies);
    state.app.refused_credential(error, from).into()
}

/// What needs no credential is counted for the address; the rest is counted once it is known who asks.
pub(crate) async fn visitors(State(state): State<HttpState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !is_open(path) || NOT_COUNTED.contains(&path) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let from = address::client(&parts, &state.settings.trusted_proxies);
    match state.app.admit_visitor(from) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(error) => ApiProblem::from(error).into_response(),
    }
}
