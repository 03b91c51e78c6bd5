//! Faults of the audit log.

use async_trait::async_trait;
use domain::audit::AuditEntry;
use ports::{
    AuditLog, Cursor, Page, StoreError,
    audit::{AuditFilter, ChainPart, Placed},
};
use protocol::{
    OrgId,
    audit::{AuditCheckpoint, AuditHead, AuditRecord},
};

use super::{Fault, strike, unavailable, unknown};

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "append_unavailable",
        injects: "nothing can be noted",
        outcome: "the deed is not done, and may be tried again",
    },
    Fault {
        name: "append_full",
        injects: "no room for records",
        outcome: "the deed is not done; the caller hears that the disk is full",
    },
    Fault {
        name: "append_unknown_written",
        injects: "the record is written but the answer is lost",
        outcome: "the deed is not done; the record says that it was allowed, which it was",
    },
    Fault {
        name: "read_unavailable",
        injects: "records cannot be read",
        outcome: "a list or an export fails as unavailable, never as empty",
    },
    Fault {
        name: "checkpoint_unavailable",
        injects: "a checkpoint cannot be kept",
        outcome: "the deed is done; the next record is signed instead",
    },
    Fault {
        name: "forget_unavailable",
        injects: "records of an organisation that is erased cannot be removed now",
        outcome: "the erasure is not said to be done, and a later sweep removes them",
    },
];

super::decorator!("audit", ports::AuditLog);

#[async_trait]
impl AuditLog for Faulty {
    async fn append(&self, entries: Vec<AuditEntry>) -> Result<Vec<Placed>, StoreError> {
        strike!(self, "append_unavailable", unavailable());
        strike!(self, "append_full", StoreError::Full);
        let placed = self.inner.append(entries).await?;
        strike!(self, "append_unknown_written", unknown());
        Ok(placed)
    }

    async fn list(
        &self,
        org: OrgId,
        filter: AuditFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<AuditRecord>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.list(org, filter, after, limit).await
    }

    async fn head(&self, org: OrgId) -> Result<AuditHead, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.head(org).await
    }

    async fn chain(&self, org: OrgId, after: u64, limit: usize) -> Result<ChainPart, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.chain(org, after, limit).await
    }

    async fn add_checkpoint(&self, checkpoint: AuditCheckpoint) -> Result<(), StoreError> {
        strike!(self, "checkpoint_unavailable", unavailable());
        self.inner.add_checkpoint(checkpoint).await
    }

    async fn forget(&self, org: OrgId) -> Result<u64, StoreError> {
        strike!(self, "forget_unavailable", unavailable());
        self.inner.forget(org).await
    }
}
