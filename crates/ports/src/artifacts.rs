//! Where the files that a session leaves behind are kept: bytes by key, nothing about what they mean.
//!
//! What is there, what it is called and who made it stands in the session's log. The bytes come first and the event
//! after them, so that nothing is promised that is not kept; bytes without an event are collected later.

use std::{ops::Range, pin::Pin};

use async_trait::async_trait;
use bytes::Bytes;
use futures::Stream;
use protocol::{ArtifactId, OrgId, SessionId};

use crate::StoreError;

/// One artifact's place. Keys sort by organisation, then session, then age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArtifactKey {
    pub org: OrgId,
    pub session: SessionId,
    pub artifact: ArtifactId,
}

/// Bytes on their way in. An error as an item says that no more are coming, and that the rest was not all.
pub type ArtifactSource = Pin<Box<dyn Stream<Item = Result<Bytes, SourceBroke>> + Send>>;

/// Why the bytes on their way in ended early.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SourceBroke(pub String);

/// What was stored, as it was measured on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    pub size_bytes: u64,
    pub sha256: [u8; 32],
}

/// Bytes on their way out: exactly those that were asked for, or an error as the last item.
pub type ArtifactBytes = Pin<Box<dyn Stream<Item = Result<Bytes, StoreError>> + Send>>;

/// Why an artifact was not stored. Nothing of it can be seen then.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// The source has more bytes than this.
    #[error("more than {limit} bytes")]
    TooLarge { limit: u64 },
    /// The source broke off.
    #[error("the bytes broke off: {0}")]
    Source(#[from] SourceBroke),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Keeps the bytes of artifacts.
#[async_trait]
pub trait ArtifactStore: Send + Sync {
    /// The store's word, for example `directory`.
    fn name(&self) -> &'static str;

    /// Stores what `bytes` yields, at most `limit` bytes. Durable when this returns `Ok`; until then nothing can be
    /// seen under `key`, and after a failure (or when this is dropped half-way) nothing ever is. The same key again
    /// replaces what is there, at once and as a whole.
    async fn put(&self, key: ArtifactKey, bytes: ArtifactSource, limit: u64) -> Result<Stored, PutError>;

    /// The bytes at `range`. `None` when there is no such artifact; [`StoreError::Corrupt`] when it is shorter than
    /// the range, which the log says that it is not.
    async fn get(&self, key: ArtifactKey, range: Range<u64>) -> Result<Option<ArtifactBytes>, StoreError>;

    /// Removes one. Removing what is not there is fine.
    async fn delete(&self, key: ArtifactKey) -> Result<(), StoreError>;

    /// Removes all of a session, also what no event speaks of.
    async fn delete_session(&self, org: OrgId, session: SessionId) -> Result<(), StoreError>;

    /// Keys after `after`, in order, at most `limit`: for collecting what no event speaks of.
    async fn keys(&self, after: Option<ArtifactKey>, limit: usize) -> Result<Vec<ArtifactKey>, StoreError>;

    /// Finds out by trying whether something can be stored now. Leaves nothing behind.
    async fn check(&self) -> Result<(), StoreError>;
}
