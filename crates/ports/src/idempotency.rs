//! Idempotency keys of mutations, stored in the same commit as their effect.

use protocol::Timestamp;

/// How long a key is remembered, milliseconds (24 hours).
pub const KEY_LIFETIME_MS: i64 = 24 * 60 * 60 * 1000;

/// A key with what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyEntry {
    /// Organisation, user and route the key is scoped to, as one text.
    pub scope: String,
    /// As sent by the client, 1 to 255 characters.
    pub key: String,
    /// SHA-256 of the request body, to tell a repeat from another request.
    pub fingerprint: [u8; 32],
    /// The reply to give again: JSON, without secrets that were shown once.
    pub reply: String,
    pub at: Timestamp,
}

/// What became of a write that carried a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    Done,
    /// The key was used before with the same body: nothing was written, this was the reply.
    Replayed(String),
    /// The key was used before with another body: nothing was written.
    Conflict,
    /// The row that the write needs (or must not find) is not there (or is): nothing was written.
    Refused,
}
