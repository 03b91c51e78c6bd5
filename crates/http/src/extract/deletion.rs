//! A request that takes something away.
//!
//! The thing itself is not resolved here: a repeat with the same key has to be answered when it is gone already.
//! The use case looks for it in the caller's organisation alone, in the same step as it looks for the key.

use std::str::FromStr;

use axum::extract::{FromRequest, FromRequestParts, Request};
use domain::tenancy::Actor;

use app::IdempotencyKey;

use super::{Authenticated, Mutation, body::SMALL, path_id};
use crate::{problem::ApiProblem, state::HttpState};

/// Who asks, for what, and under which key.
#[derive(Debug)]
pub(crate) struct Deletion<T> {
    pub(crate) actor: Actor,
    pub(crate) id: T,
    pub(crate) key: Option<IdempotencyKey>,
}

impl<T: FromStr> Deletion<T> {
    pub(crate) async fn read(request: Request, state: &HttpState, what: &str) -> Result<Self, ApiProblem> {
        let (mut parts, body) = request.into_parts();
        let Authenticated(actor) = Authenticated::from_request_parts(&mut parts, state).await?;
        let id = path_id(&mut parts, state, "id", what).await?;
        let request = Request::from_parts(parts, body);
        let key = Mutation::<SMALL>::from_request(request, state).await?.empty()?;
        Ok(Self { actor, id, key })
    }
}
