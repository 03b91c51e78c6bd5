//! API keys and service accounts named in the path, resolved for the caller.

use app::{OwnApiKey, OwnServiceAccount};
use axum::extract::FromRequestParts;
use domain::tenancy::Actor;
use http::request::Parts;

use super::{Authenticated, path_id};
use crate::{problem::ApiProblem, state::HttpState};

/// A key and who asks for it.
#[derive(Debug)]
pub(crate) struct ApiKeyAccess {
    pub(crate) actor: Actor,
    pub(crate) own: OwnApiKey,
}

impl FromRequestParts<HttpState> for ApiKeyAccess {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        let Authenticated(actor) = Authenticated::from_request_parts(parts, state).await?;
        let id = path_id(parts, state, "id", "API key").await?;
        let own = state.app.resolve_api_key(&actor, id).await?;
        Ok(Self { actor, own })
    }
}

/// A service account and who asks for it.
#[derive(Debug)]
pub(crate) struct ServiceAccountAccess {
    pub(crate) actor: Actor,
    pub(crate) own: OwnServiceAccount,
}

impl FromRequestParts<HttpState> for ServiceAccountAccess {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        let Authenticated(actor) = Authenticated::from_request_parts(parts, state).await?;
        let id = path_id(parts, state, "id", "service account").await?;
        let own = state.app.resolve_service_account(&actor, id).await?;
        Ok(Self { actor, own })
    }
}
