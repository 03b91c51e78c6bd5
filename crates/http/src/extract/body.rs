//! The body of a mutation and its idempotency key.
//!
//! The body is read and measured here but understood only when the handler asks, after it knows that the thing
//! in the path is there for the caller.

use std::{error::Error, time::Duration};

use app::{AppError, IdempotencyKey};
use axum::{
    body::to_bytes,
    extract::{FromRequest, MatchedPath, Request},
};
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::LengthLimitError;
use protocol::{ProblemCode, api::Empty};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::{problem::ApiProblem, state::HttpState, unread};

/// Largest body unless an endpoint says otherwise.
pub(crate) const SMALL: usize = 256 * 1024;
/// A body that takes longer than this is not coming.
const PATIENCE: Duration = Duration::from_secs(120);
const KEY_HEADER: &str = "idempotency-key";

/// A request that changes something.
#[derive(Debug)]
pub(crate) struct Mutation<const LIMIT: usize = SMALL> {
    body: Bytes,
    /// What it is said to be.
    is_json: bool,
    /// Said to be compressed, or otherwise not what it looks like.
    is_encoded: bool,
    key: Result<Option<IdempotencyKey>, Box<AppError>>,
}

impl<const LIMIT: usize> Mutation<LIMIT> {
    /// The body as `T`, with the idempotency key.
    pub(crate) fn json<T: DeserializeOwned>(self) -> Result<(T, Option<IdempotencyKey>), ApiProblem> {
        let key = self.key.map_err(|error| *error)?;
        if self.is_encoded {
            return Err(encoded());
        }
        if !self.is_json {
            return Err(ApiProblem::new(
                ProblemCode::UnsupportedMediaType,
                "Send the body as JSON, with `Content-Type: application/json`.",
            ));
        }
        // A list would be read as the fields in their order, which nobody means.
        if first(&self.body) == Some(b'[') {
            return Err(ApiProblem::new(
                ProblemCode::InvalidRequest,
                "The body: a JSON object is needed; this one is a list.",
            ));
        }
        let body = serde_json::from_slice(&self.body).map_err(|error| explain(&self.body, &error))?;
        Ok((body, key))
    }

    /// The idempotency key of a request that has nothing in its body.
    pub(crate) fn empty(self) -> Result<Option<IdempotencyKey>, ApiProblem> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(self.key.map_err(|error| *error)?);
        }
        self.json::<Empty>().map(|(_, key)| key)
    }
}

impl<const LIMIT: usize> FromRequest<HttpState> for Mutation<LIMIT> {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, _state: &HttpState) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let declared = parts
            .headers
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if let Some(length) = declared.filter(|length| *length > LIMIT as u64) {
            unread::discard(body, length, LIMIT as u64).await;
            return Err(too_large(LIMIT));
        }
        let body = match tokio::time::timeout(PATIENCE, to_bytes(body, LIMIT)).await {
            Ok(Ok(body)) => body,
            Ok(Err(error))
                if error
                    .source()
                    .is_some_and(|source| source.is::<LengthLimitError>()) =>
            {
                return Err(too_large(LIMIT));
            }
            Ok(Err(_)) => {
                return Err(ApiProblem::new(
                    ProblemCode::InvalidRequest,
                    "The body broke off.",
                ));
            }
            Err(_) => {
                return Err(ApiProblem::new(
                    ProblemCode::InvalidRequest,
                    "The body took too long to arrive.",
                ));
            }
        };
        let route = parts
            .extensions
            .get::<MatchedPath>()
            .map_or("unmatched", MatchedPath::as_str);
        let fingerprint = Sha256::new()
            .chain_update(parts.method.as_str())
            .chain_update([0])
            .chain_update(parts.uri.path())
            .chain_update([0])
            .chain_update(&body)
            .finalize()
            .into();
        let key = key(&parts.headers, format!("{} {route}", parts.method), fingerprint).map_err(Box::new);
        Ok(Self {
            is_json: is_json(&parts.headers),
            is_encoded: is_encoded(&parts.headers),
            body,
            key,
        })
    }
}

/// The idempotency key of a request whose body is not held: its fingerprint says nothing about the body yet.
/// Refuses a body that is said to be compressed.
pub(crate) fn streamed_key(parts: &http::request::Parts) -> Result<Option<IdempotencyKey>, ApiProblem> {
    if is_encoded(&parts.headers) {
        return Err(encoded());
    }
    let route = parts
        .extensions
        .get::<MatchedPath>()
        .map_or("unmatched", MatchedPath::as_str);
    let fingerprint = Sha256::new()
        .chain_update(parts.method.as_str())
        .chain_update([0])
        .chain_update(parts.uri.path())
        .finalize()
        .into();
    Ok(key(
        &parts.headers,
        format!("{} {route}", parts.method),
        fingerprint,
    )?)
}

fn too_large(limit: usize) -> ApiProblem {
    AppError::new(
        ProblemCode::BodyTooLarge,
        format!("The request body has more than {limit} bytes, which is the limit."),
    )
    .limit(limit as u64)
    .into()
}

/// Nothing here unpacks what comes in: a small body would become a large one, and who looks at it on the way would see
/// another one than we do.
fn is_encoded(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .any(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"))
}

fn encoded() -> ApiProblem {
    ApiProblem::new(
        ProblemCode::UnsupportedMediaType,
        "Send the body as it is, without `Content-Encoding`.",
    )
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    kind.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .eq_ignore_ascii_case("application/json")
}

fn key(
    headers: &HeaderMap,
    route: String,
    fingerprint: [u8; 32],
) -> Result<Option<IdempotencyKey>, AppError> {
    let mut values = headers.get_all(KEY_HEADER).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.as_bytes();
    let well_formed = (1..=255).contains(&text.len()) && text.iter().all(u8::is_ascii_graphic);
    if !well_formed || values.next().is_some() {
        return Err(AppError::invalid(
            "Idempotency-Key",
            "`Idempotency-Key` is given once and has 1 to 255 visible ASCII characters.",
        )
        .limit(255));
    }
    let key = String::from_utf8_lossy(text).into_owned();
    Ok(Some(IdempotencyKey {
        key,
        route,
        fingerprint,
    }))
}

fn first(body: &[u8]) -> Option<u8> {
    body.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

/// What is wrong with a body, and in which field.
fn explain(body: &[u8], error: &serde_json::Error) -> ApiProblem {
    if body.iter().all(u8::is_ascii_whitespace) {
        return ApiProblem::new(
            ProblemCode::InvalidRequest,
            "A JSON body is needed; this one is empty.",
        );
    }
    let text = error.to_string();
    let said = readable(&text);
    let detail = match error.classify() {
        serde_json::error::Category::Data => format!("The body: {said}."),
        _ => format!("The body is not valid JSON: {said}."),
    };
    let mut problem = AppError::new(ProblemCode::InvalidRequest, detail);
    problem.field = named_field(&text);
    problem.into()
}

/// Words of a parser, cut short, without control characters.
pub(super) fn readable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

/// The field that a parser's message names.
pub(super) fn named_field(text: &str) -> Option<String> {
    ["unknown field `", "missing field `", "duplicate field `"]
        .iter()
        .find_map(|lead| {
            let rest = text.split_once(lead)?.1;
            let name = rest.split('`').next()?;
            (!name.is_empty() && name.len() <= 100).then(|| readable(name))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parsers_message_names_its_field() {
        let field = |text| named_field(text);
        assert_eq!(
            field("unknown field `promt`, expected one of `prompt`").as_deref(),
            Some("promt")
        );
        assert_eq!(
            field("missing field `agent` at line 1 column 2").as_deref(),
            Some("agent")
        );
        assert_eq!(field("invalid type: integer"), None);
    }

    #[test]
    fn only_json_is_json() {
        let with = |kind: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, http::HeaderValue::from_static(kind));
            is_json(&headers)
        };
        assert!(with("application/json") && with("Application/JSON; charset=utf-8"));
        assert!(!with("text/plain") && !with("application/json-seq") && !is_json(&HeaderMap::new()));
    }
}
