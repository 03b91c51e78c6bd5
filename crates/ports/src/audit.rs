//! The audit log: records in a chain of hashes for each organisation, kept for good.

use async_trait::async_trait;
use domain::audit::AuditEntry;
use protocol::{
    ApiKeyId, OrgId, Timestamp, UserId,
    audit::{AuditCheckpoint, AuditHash, AuditHead, AuditOutcome, AuditRecord},
};

use crate::{Cursor, Page, StoreError};

/// Where an entry went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    pub org: OrgId,
    pub seq: u64,
    pub hash: AuditHash,
    pub at: Timestamp,
    /// It is time to sign it, see `domain::audit::is_checkpoint_due`.
    pub checkpoint_due: bool,
}

/// Whose records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByActor {
    User(UserId),
    ApiKey(ApiKeyId),
    Operator,
    System,
}

/// Which records to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    pub actor: Option<ByActor>,
    /// What the action begins with.
    pub action: Option<String>,
    pub target: Option<String>,
    pub outcome: Option<AuditOutcome>,
    /// Made at or after.
    pub since: Option<Timestamp>,
    /// Made before.
    pub until: Option<Timestamp>,
}

/// A piece of a chain, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChainPart {
    pub records: Vec<AuditRecord>,
    /// Those of these records.
    pub checkpoints: Vec<AuditCheckpoint>,
}

/// Keeps audit records. Nothing is ever changed; what an organisation has goes as a whole or not at all.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Appends entries, each behind the last of its organisation, all or none of them. Durable when this returns `Ok`.
    async fn append(&self, entries: Vec<AuditEntry>) -> Result<Vec<Placed>, StoreError>;

    /// Newest first. The cursor is a `seq`.
    async fn list(
        &self,
        org: OrgId,
        filter: AuditFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<AuditRecord>, StoreError>;

    /// Where the chain of an organisation begins and ends; all zeros when it has none.
    async fn head(&self, org: OrgId) -> Result<AuditHead, StoreError>;

    /// Records with a higher `seq`, oldest first, with their checkpoints.
    async fn chain(&self, org: OrgId, after: u64, limit: usize) -> Result<ChainPart, StoreError>;

    /// Keeps a checkpoint. `Invalid` when there is no record with this `seq` and hash. A second time is fine.
    async fn add_checkpoint(&self, checkpoint: AuditCheckpoint) -> Result<(), StoreError>;

    /// Removes all records of an organisation so that the store's files do not hold them any more either, its log of
    /// writes included. `Unavailable` when that has to wait, with the records out of reach; asked again, it is made up for. Where the chain
    /// ended stays, and what comes later goes on from there. Answers how many went.
    async fn forget(&self, org: OrgId) -> Result<u64, StoreError>;
}
