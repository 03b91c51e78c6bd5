//! Things named in the path, resolved for the caller's organisation. There is no other way to reach one.

use std::str::FromStr;

use app::{AppError, OwnEnvironment, OwnModelProvider, OwnSecret, OwnSession};
use axum::extract::{FromRequestParts, RawPathParams};
use domain::tenancy::Actor;
use http::request::Parts;
use protocol::SessionId;
use serde::Deserialize;

use super::{
    Authenticated, Params, bearer,
    caller::{asked, note, surely_own_page},
    limit::{admit, wrong},
};
use crate::{problem::ApiProblem, state::HttpState};

/// A path parameter as text.
pub(crate) async fn path_text(
    parts: &mut Parts,
    state: &HttpState,
    name: &str,
) -> Result<String, ApiProblem> {
    let params = RawPathParams::from_request_parts(parts, state)
        .await
        .map_err(|_| crate::problem::no_route())?;
    let value = params
        .iter()
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned());
    value.ok_or_else(|| crate::problem::no_route().into())
}

/// A path parameter as an id. What is no id of that kind cannot be there.
pub(crate) async fn path_id<T: FromStr>(
    parts: &mut Parts,
    state: &HttpState,
    name: &str,
    what: &str,
) -> Result<T, ApiProblem> {
    let text = path_text(parts, state, name).await?;
    text.parse().map_err(|_| AppError::not_found(what).into())
}

/// A session and who asks for it.
#[derive(Debug)]
pub(crate) struct SessionAccess {
    pub(crate) actor: Actor,
    pub(crate) own: OwnSession,
}

impl FromRequestParts<HttpState> for SessionAccess {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        let Authenticated(actor) = Authenticated::from_request_parts(parts, state).await?;
        let id = path_id(parts, state, "id", "session").await?;
        let own = state.app.resolve_session(&actor, id).await?;
        Ok(Self { actor, own })
    }
}

/// A session, reached with a key, with a one-use ticket, or by a browser from our own page.
#[derive(Debug)]
pub(crate) struct SocketAccess {
    pub(crate) actor: Actor,
    pub(crate) own: OwnSession,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TicketParams {
    #[serde(default)]
    ticket: Option<String>,
}

impl FromRequestParts<HttpState> for SocketAccess {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        if bearer(&parts.headers).is_some() {
            let SessionAccess { actor, own } = SessionAccess::from_request_parts(parts, state).await?;
            state.app.may_follow(&actor)?;
            return Ok(Self { actor, own });
        }
        let Params(params) = Params::<TicketParams>::from_request_parts(parts, state).await?;
        let Some(ticket) = params.ticket else {
            let SessionAccess { actor, own } = SessionAccess::from_request_parts(parts, state).await?;
            state.app.may_follow(&actor)?;
            surely_own_page(parts, state)?;
            return Ok(Self { actor, own });
        };
        // Without a valid ticket nothing is said about the session, not even that its id is none.
        let id: SessionId = path_id(parts, state, "id", "session")
            .await
            .map_err(|_| AppError::unauthenticated())?;
        let redeemed = state.app.redeem_ticket(&ticket, id).await;
        let redeemed = redeemed.map_err(|error| wrong(parts, state, error))?;
        state.app.may_follow(&redeemed.actor)?;
        note(parts, &redeemed.actor);
        admit(parts, state, &redeemed.actor).await?;
        Ok(Self {
            actor: asked(parts, state, redeemed.actor),
            own: redeemed.session,
        })
    }
}

/// A model provider and who asks for it.
#[derive(Debug)]
pub(crate) struct ModelProviderAccess {
    pub(crate) actor: Actor,
    pub(crate) own: OwnModelProvider,
}

impl FromRequestParts<HttpState> for ModelProviderAccess {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        let Authenticated(actor) = Authenticated::from_request_parts(parts, state).await?;
        let id = path_id(parts, state, "id", "model provider").await?;
        let own = state.app.resolve_model_provider(&actor, id).await?;
        Ok(Self { actor, own })
    }
}

/// An environment and who asks for it.
#[derive(Debug)]
pub(crate) struct EnvironmentAccess {
    pub(crate) actor: Actor,
    pub(crate) own: OwnEnvironment,
}

impl FromRequestParts<HttpState> for EnvironmentAccess {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        let Authenticated(actor) = Authenticated::from_request_parts(parts, state).await?;
        let id = path_id(parts, state, "id", "environment").await?;
        let own = state.app.resolve_environment(&actor, id).await?;
        Ok(Self { actor, own })
    }
}

/// A secret and who asks for it.
#[derive(Debug)]
pub(crate) struct SecretAccess {
    pub(crate) actor: Actor,
    pub(crate) own: OwnSecret,
}

impl FromRequestParts<HttpState> for SecretAccess {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        let Authenticated(actor) = Authenticated::from_request_parts(parts, state).await?;
        let id = path_id(parts, state, "id", "secret").await?;
        let own = state.app.resolve_secret(&actor, id).await?;
        Ok(Self { actor, own })
    }
}
