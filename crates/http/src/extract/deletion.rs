//! A request that takes something away.
//!
//! The thing itself is not resolved first: a repeat with the same key has to be answered when it is gone already.
//! The use case looks for it in the caller's organisation alone, in the same step as it looks for the key.

use std::str::FromStr;

use app::{AppError, IdempotencyKey};
use axum::extract::{FromRequest, FromRequestParts, Request};
use domain::tenancy::Actor;

use super::{Authenticated, Mutation, body::SMALL, path_id};
use crate::{problem::ApiProblem, state::HttpState};

/// Who asks, and for what.
pub(crate) struct Deletion<T> {
    pub(crate) actor: Actor,
    pub(crate) id: T,
    key: Result<Option<IdempotencyKey>, ApiProblem>,
}

impl<T: FromStr + Copy> Deletion<T> {
    pub(crate) async fn read(request: Request, state: &HttpState, what: &str) -> Result<Self, ApiProblem> {
        let (mut parts, body) = request.into_parts();
        let Authenticated(actor) = Authenticated::from_request_parts(&mut parts, state).await?;
        let id = path_id(&mut parts, state, "id", what).await?;
        let request = Request::from_parts(parts, body);
        let key = match Mutation::<SMALL>::from_request(request, state).await {
            Ok(request) => request.empty(),
            Err(problem) => Err(problem),
        };
        Ok(Self { actor, id, key })
    }

    /// The idempotency key. What is wrong with the request is said only once `there` has found its thing.
    pub(crate) async fn key<R>(
        self,
        there: impl AsyncFnOnce(&Actor, T) -> Result<R, AppError>,
    ) -> Result<(Actor, T, Option<IdempotencyKey>), ApiProblem> {
        match self.key {
            Ok(key) => Ok((self.actor, self.id, key)),
            Err(problem) => {
                there(&self.actor, self.id).await?;
                Err(problem)
            }
        }
    }
}
