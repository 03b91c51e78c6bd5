//! The audit log, in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use async_trait::async_trait;
use domain::audit::{AuditEntry, GENESIS, is_checkpoint_due, sealed};
use ports::{
    AuditLog, Cursor, Page, StoreError,
    audit::{AuditFilter, ByActor, ChainPart, Placed},
};
use protocol::{
    OrgId,
    audit::{AuditActor, AuditCheckpoint, AuditHead, AuditRecord},
};

use super::lock;

/// The fake of this port.
pub type Fake = MemoryAudit;

/// Keeps everything in memory.
#[derive(Debug, Default)]
pub struct MemoryAudit(Mutex<BTreeMap<OrgId, Log>>);

#[derive(Debug, Clone)]
struct Log {
    records: Vec<AuditRecord>,
    checkpoints: BTreeMap<u64, AuditCheckpoint>,
    head: AuditHead,
}

impl Log {
    fn of(org: OrgId) -> Self {
        Self {
            records: Vec::new(),
            checkpoints: BTreeMap::new(),
            head: AuditHead {
                org_id: org,
                seq: 0,
                hash: GENESIS,
                removed: 0,
                removed_hash: GENESIS,
            },
        }
    }
}

impl MemoryAudit {
    /// Every record of an organisation, oldest first.
    #[must_use]
    pub fn all(&self, org: OrgId) -> Vec<AuditRecord> {
        lock(&self.0)
            .get(&org)
            .map(|log| log.records.clone())
            .unwrap_or_default()
    }

    /// Actions with their outcomes, of all organisations, for a quick look.
    #[must_use]
    pub fn words(&self, org: OrgId) -> Vec<String> {
        let word = |record: &AuditRecord| format!("{} {}", record.action, record.outcome.as_str());
        self.all(org).iter().map(word).collect()
    }

    /// Organisations that have a log.
    #[must_use]
    pub fn organisations(&self) -> BTreeSet<OrgId> {
        lock(&self.0).keys().copied().collect()
    }
}

fn is_by(actor: &AuditActor, wanted: ByActor) -> bool {
    match (actor, wanted) {
        (AuditActor::User { user_id, .. }, ByActor::User(id)) => *user_id == id,
        (AuditActor::User { api_key_id, .. }, ByActor::ApiKey(id)) => *api_key_id == Some(id),
        (AuditActor::Operator, ByActor::Operator) | (AuditActor::System, ByActor::System) => true,
        _ => false,
    }
}

fn is_shown(record: &AuditRecord, filter: &AuditFilter) -> bool {
    filter.actor.is_none_or(|wanted| is_by(&record.actor, wanted))
        && filter
            .action
            .as_ref()
            .is_none_or(|begin| record.action.starts_with(begin))
        && (filter.target.is_none() || record.target == filter.target)
        && filter.outcome.is_none_or(|outcome| record.outcome == outcome)
        && filter.since.is_none_or(|since| record.at >= since)
        && filter.until.is_none_or(|until| record.at < until)
}

#[async_trait]
impl AuditLog for MemoryAudit {
    async fn append(&self, entries: Vec<AuditEntry>) -> Result<Vec<Placed>, StoreError> {
        let mut logs = lock(&self.0);
        let mut placed = Vec::new();
        for entry in entries {
            let log = logs.entry(entry.org).or_insert_with(|| Log::of(entry.org));
            let record = sealed(entry, log.head.seq + 1, &log.head.hash);
            log.head.seq = record.seq;
            log.head.hash = record.hash;
            let last = log
                .checkpoints
                .values()
                .next_back()
                .map(|last| (last.seq, last.at));
            placed.push(Placed {
                org: record.org_id,
                seq: record.seq,
                hash: record.hash,
                at: record.at,
                checkpoint_due: is_checkpoint_due(last, record.seq, record.at),
            });
            log.records.push(record);
        }
        Ok(placed)
    }

    async fn list(
        &self,
        org: OrgId,
        filter: AuditFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<AuditRecord>, StoreError> {
        let mut items: Vec<AuditRecord> = self.all(org);
        items.reverse();
        items.retain(|record| {
            after
                .as_ref()
                .is_none_or(|after| u128::from(record.seq) < after.0)
                && is_shown(record, &filter)
        });
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| Cursor(last.seq.into()));
        Ok(Page { items, next })
    }

    async fn head(&self, org: OrgId) -> Result<AuditHead, StoreError> {
        Ok(lock(&self.0)
            .get(&org)
            .map_or_else(|| Log::of(org).head, |log| log.head))
    }

    async fn chain(&self, org: OrgId, after: u64, limit: usize) -> Result<ChainPart, StoreError> {
        let logs = lock(&self.0);
        let Some(log) = logs.get(&org) else {
            return Ok(ChainPart::default());
        };
        let newer = log.records.iter().filter(|record| record.seq > after);
        let records: Vec<AuditRecord> = newer.take(limit).cloned().collect();
        let checkpoints = records
            .iter()
            .filter_map(|record| log.checkpoints.get(&record.seq));
        Ok(ChainPart {
            checkpoints: checkpoints.copied().collect(),
            records,
        })
    }

    async fn add_checkpoint(&self, checkpoint: AuditCheckpoint) -> Result<(), StoreError> {
        let mut logs = lock(&self.0);
        let log = logs.get_mut(&checkpoint.org_id);
        let fits = |record: &AuditRecord| record.seq == checkpoint.seq && record.hash == checkpoint.hash;
        match log.filter(|log| log.records.iter().any(fits)) {
            Some(log) => {
                log.checkpoints.entry(checkpoint.seq).or_insert(checkpoint);
                Ok(())
            }
            None => Err(StoreError::Invalid("there is no such record".into())),
        }
    }

    async fn forget(&self, org: OrgId) -> Result<u64, StoreError> {
        let mut logs = lock(&self.0);
        let Some(log) = logs.get_mut(&org) else {
            return Ok(0);
        };
        let gone = log.records.len() as u64;
        log.records.clear();
        log.checkpoints.clear();
        log.head.removed = log.head.seq;
        log.head.removed_hash = log.head.hash;
        Ok(gone)
    }
}
