//! Idempotency keys as a caller gives them, and what becomes of them.

use domain::tenancy::Actor;
use ports::idempotency::{IdempotencyEntry, Written};
use protocol::{Timestamp, UserId};
use serde::{Serialize, de::DeserializeOwned};

use crate::AppError;

/// A caller's key with what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// As sent: 1 to 255 visible characters.
    pub key: String,
    /// Method and route.
    pub route: String,
    /// SHA-256 of method, path and body.
    pub fingerprint: [u8; 32],
}

impl IdempotencyKey {
    /// The entry of what a person does for themselves, in no organisation yet.
    pub(crate) fn entry_of_person(&self, user: UserId, reply: String, at: Timestamp) -> IdempotencyEntry {
        IdempotencyEntry {
            scope: format!("-/{user}/{}", self.route),
            key: self.key.clone(),
            fingerprint: self.fingerprint,
            reply,
            at,
        }
    }

    /// The entry to be stored with the effect.
    pub(crate) fn entry(&self, actor: &Actor, reply: String, at: Timestamp) -> IdempotencyEntry {
        IdempotencyEntry {
            scope: format!("{}/{}/{}", actor.org, actor.user, self.route),
            key: self.key.clone(),
            fingerprint: self.fingerprint,
            reply,
            at,
        }
    }
}

/// A result, and whether it was given before.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome<T> {
    pub value: T,
    pub replayed: bool,
}

impl<T> Outcome<T> {
    #[must_use]
    pub fn new(value: T) -> Self {
        Self {
            value,
            replayed: false,
        }
    }

    #[must_use]
    pub fn replayed(value: T) -> Self {
        Self {
            value,
            replayed: true,
        }
    }
}

/// The entry for a write whose reply is `reply`.
pub(crate) fn entry<T: Serialize>(
    key: Option<&IdempotencyKey>,
    actor: &Actor,
    reply: &T,
    at: Timestamp,
) -> Result<Option<IdempotencyEntry>, AppError> {
    key.map(|key| serde_json::to_string(reply).map(|reply| key.entry(actor, reply, at)))
        .transpose()
        .map_err(AppError::internal)
}

/// The entry for a write of a person for themselves, whose reply is `reply`.
pub(crate) fn entry_of_person<T: Serialize>(
    key: Option<&IdempotencyKey>,
    user: UserId,
    reply: &T,
    at: Timestamp,
) -> Result<Option<IdempotencyEntry>, AppError> {
    key.map(|key| serde_json::to_string(reply).map(|reply| key.entry_of_person(user, reply, at)))
        .transpose()
        .map_err(AppError::internal)
}

/// What a write with a key came to. `refused` says what its refusal means here.
pub(crate) fn written<T: DeserializeOwned>(
    written: Written,
    value: T,
    refused: impl FnOnce() -> AppError,
) -> Result<Outcome<T>, AppError> {
    match written {
        Written::Done => Ok(Outcome::new(value)),
        Written::Replayed(reply) => serde_json::from_str(&reply)
            .map(Outcome::replayed)
            .map_err(AppError::internal),
        Written::Conflict => Err(AppError::idempotency_conflict()),
        Written::Refused => Err(refused()),
    }
}
