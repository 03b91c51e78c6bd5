//! Query parameters; what is unknown or malformed is refused by name.

use app::AppError;
use axum::extract::{FromRequestParts, Query};
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::body::{named_field, readable};
use crate::{problem::ApiProblem, state::HttpState};

/// The query as `T`.
#[derive(Debug)]
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<HttpState> for Params<T> {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, _state: &HttpState) -> Result<Self, Self::Rejection> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(params)) => Ok(Self(params)),
            Err(rejection) => {
                let text = rejection.body_text();
                let text = text
                    .strip_prefix("Failed to deserialize query string: ")
                    .unwrap_or(&text);
                let mut error = AppError::new(
                    protocol::ProblemCode::InvalidRequest,
                    format!("The query: {}.", readable(text)),
                );
                error.field = named_field(text);
                Err(error.into())
            }
        }
    }
}
