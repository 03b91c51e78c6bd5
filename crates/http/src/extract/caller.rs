//! Who calls.

use app::AppError;
use axum::extract::FromRequestParts;
use domain::tenancy::Actor;
use http::{HeaderMap, header, request::Parts};

use crate::{middleware::RequestContext, problem::ApiProblem, state::HttpState};

/// A caller with a valid credential.
#[derive(Debug)]
pub(crate) struct Authenticated(pub(crate) Actor);

/// The token of `Authorization: Bearer`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
        .filter(|token| !token.is_empty())
}

impl FromRequestParts<HttpState> for Authenticated {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        let key = bearer(&parts.headers).ok_or_else(AppError::unauthenticated)?;
        let actor = state.app.authenticate(key).await?;
        note(parts, &actor);
        Ok(Self(actor))
    }
}

/// For the log line.
pub(crate) fn note(parts: &Parts, actor: &Actor) {
    if let Some(context) = parts.extensions.get::<RequestContext>() {
        let _ = context.org.set(actor.org);
    }
}
