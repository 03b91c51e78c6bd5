//! The durable history of finished turns.

use async_trait::async_trait;
use protocol::{ApiKeyId, OrgId, RunId, SessionId, Timestamp, UserId, run::RunRecord};

use crate::{Cursor, Page, StoreError};

/// Which runs to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunFilter {
    pub session: Option<SessionId>,
    pub user: Option<UserId>,
    pub api_key: Option<ApiKeyId>,
    pub model: Option<String>,
    /// Ended at or after.
    pub from: Option<Timestamp>,
    /// Ended before.
    pub until: Option<Timestamp>,
}

/// Keeps run records.
#[async_trait]
pub trait RunHistory: Send + Sync {
    /// Writes a record; the same id again changes nothing.
    async fn record(&self, run: RunRecord) -> Result<(), StoreError>;
    async fn lookup(&self, org: OrgId, id: RunId) -> Result<Option<RunRecord>, StoreError>;
    /// Newest first.
    async fn list(
        &self,
        org: OrgId,
        filter: RunFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<RunRecord>, StoreError>;
    /// Removes the runs of a deleted session.
    async fn remove_session(&self, session: SessionId) -> Result<(), StoreError>;
}
