//! The log of one session: the only truth about it.

use std::sync::Arc;

use async_trait::async_trait;
use protocol::{PromptId, SessionId, Timestamp};

use crate::{
    StoreError,
    idempotency::{IdempotencyEntry, Written},
};

/// Bodies that fill a page: what is in an event comes out of a sandbox, and readers are many.
pub const PAGE_BYTES: usize = 4 << 20;

/// One fact as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Place among all facts of the session, dense from 1.
    pub position: u64,
    /// Place among the public events, dense from 1; `None` for a private fact.
    pub seq: Option<u64>,
    pub at: Timestamp,
    pub prompt_id: Option<PromptId>,
    /// Event type, or the private fact's word.
    pub kind: String,
    /// JSON document.
    pub body: Arc<str>,
}

/// What an owner starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acquired {
    /// Owner number; each acquisition gets a higher one, and lower ones can no longer append.
    pub epoch: u64,
    /// Position of the last fact; 0 when there is none.
    pub position: u64,
    /// `seq` of the last public event.
    pub head: u64,
    /// State as of a position, if one was stored.
    pub snapshot: Option<(u64, Vec<u8>)>,
    /// Facts after the snapshot, in order.
    pub entries: Vec<LogEntry>,
}

/// Facts that become durable together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Commit {
    /// In order; positions and seqs continue those of the log.
    pub entries: Vec<LogEntry>,
    /// State after `entries`, now and then, so that waking is quick.
    pub snapshot: Option<Vec<u8>>,
    /// Earliest alarm of the state after `entries`.
    pub alarm: Option<Timestamp>,
    pub idempotency: Vec<IdempotencyEntry>,
}

/// Keeps the facts of sessions: append by one owner, read by anyone.
#[async_trait]
pub trait SessionLog: Send + Sync {
    /// Makes the log of a new session. Making it again is fine.
    async fn create(&self, id: SessionId) -> Result<(), StoreError>;

    /// Becomes the owner. `None` when there is no such log.
    async fn acquire(&self, id: SessionId) -> Result<Option<Acquired>, StoreError>;

    /// What an owner would start from, without becoming one: nothing is written, so it answers on a full disk too.
    /// The epoch is that of the last owner. `None` when there is no such log.
    async fn peek(&self, id: SessionId) -> Result<Option<Acquired>, StoreError>;

    /// Appends all of `commit` or nothing. `expected` is the position of the last fact as the caller knows it;
    /// another owner or another position answers [`StoreError::Fenced`], positions or seqs that do not go on from
    /// there [`StoreError::Invalid`]. Durable when this returns `Ok`. A commit without entries stores snapshot and
    /// alarm alone.
    async fn append(
        &self,
        id: SessionId,
        epoch: u64,
        expected: u64,
        commit: Commit,
    ) -> Result<(), StoreError>;

    /// Public events with `seq > after`, in order, at most `limit`. Fewer when they are large (the one that fills
    /// [`PAGE_BYTES`] is the page's last), but never none while there are more. `None` when there is no such log.
    async fn read(
        &self,
        id: SessionId,
        after: u64,
        limit: usize,
    ) -> Result<Option<Vec<LogEntry>>, StoreError>;

    /// All facts with `position > after`, private ones too, in order, at most `limit`; pages end early as those of
    /// [`Self::read`] do. For taking a session elsewhere. `None` when there is no such log.
    async fn facts(
        &self,
        id: SessionId,
        after: u64,
        limit: usize,
    ) -> Result<Option<Vec<LogEntry>>, StoreError>;

    /// The private fact that stands right before the first public event of this type and prompt. `None` when there
    /// is no such log, no such event, or nothing private before it.
    async fn private_before(
        &self,
        id: SessionId,
        prompt_id: PromptId,
        kind: &str,
    ) -> Result<Option<LogEntry>, StoreError>;

    /// `seq` of the last public event; 0 when there is none, `None` when there is no such log.
    async fn head(&self, id: SessionId) -> Result<Option<u64>, StoreError>;

    /// What a key of this session stands for: `Done` when it is unknown, else `Replayed` or `Conflict`.
    async fn recall(
        &self,
        id: SessionId,
        scope: &str,
        key: &str,
        fingerprint: &[u8; 32],
        now: Timestamp,
    ) -> Result<Written, StoreError>;

    /// Gives the ownership back; closes files. The log stays.
    async fn release(&self, id: SessionId, epoch: u64) -> Result<(), StoreError>;

    /// Removes the log for good. Removing what is not there is fine.
    async fn delete(&self, id: SessionId) -> Result<(), StoreError>;
}
