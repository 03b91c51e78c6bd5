//! The catalogue of sessions.

use std::sync::Arc;

use async_trait::async_trait;
use ports::{
    Catalog, Cursor, Page, StoreError,
    catalog::{ArchivedSession, OrgUsage, OwedRuns, Reserved, SessionFilter, SessionRow},
    idempotency::{IdempotencyEntry, Written},
};
use protocol::{OrgId, SessionId, Timestamp};

use super::{unavailable, underway, unknown};
use crate::{mutant::Mutant, world::Shared};

const USUAL_MS: u64 = 5;

pub(crate) struct SimCatalog(Shared);

impl SimCatalog {
    pub(crate) fn new(world: &Shared) -> Arc<Self> {
        Arc::new(Self(Arc::clone(world)))
    }

    async fn asked(&self) -> Result<(), StoreError> {
        underway(&self.0, USUAL_MS).await;
        if self.0.strikes("catalogue unavailable", |rates| rates.catalog) {
            return Err(unavailable());
        }
        Ok(())
    }

    /// The write is done; its answer may get lost.
    async fn answered(&self) -> Result<(), StoreError> {
        self.0.pause(USUAL_MS).await;
        if self.0.strikes("catalogue's answer lost", |rates| rates.catalog) {
            return Err(unknown());
        }
        Ok(())
    }
}

#[async_trait]
impl Catalog for SimCatalog {
    async fn reserve(
        &self,
        row: SessionRow,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Reserved, StoreError> {
        self.asked().await?;
        let reserved = self.0.catalog.reserve(row, idempotency).await?;
        self.answered().await?;
        Ok(reserved)
    }

    async fn lookup(&self, id: SessionId) -> Result<Option<SessionRow>, StoreError> {
        self.asked().await?;
        self.0.catalog.lookup(id).await
    }

    async fn list(
        &self,
        org: OrgId,
        filter: SessionFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<SessionRow>, StoreError> {
        self.asked().await?;
        self.0.catalog.list(org, filter, after, limit).await
    }

    async fn usage(&self, org: OrgId) -> Result<OrgUsage, StoreError> {
        self.asked().await?;
        self.0.catalog.usage(org).await
    }

    async fn project(&self, row: SessionRow) -> Result<(), StoreError> {
        let held = self.0.oracle().projects(&row);
        self.0.judge(held);
        self.asked().await?;
        self.0.catalog.project(row).await?;
        self.answered().await
    }

    async fn mark_awake(&self, id: SessionId) -> Result<(), StoreError> {
        self.asked().await?;
        self.0.note(|| format!("{id} is marked awake"));
        if self.0.mutant != Some(Mutant::NotMarkedAwake) {
            self.0.catalog.mark_awake(id).await?;
        }
        self.answered().await
    }

    async fn mark_asleep(&self, id: SessionId, alarm: Option<Timestamp>) -> Result<(), StoreError> {
        self.asked().await?;
        self.0.note(|| format!("{id} is marked asleep until {alarm:?}"));
        let alarm = alarm.filter(|_| self.0.mutant != Some(Mutant::AlarmNotKept));
        self.0.catalog.mark_asleep(id, alarm).await?;
        self.answered().await
    }

    async fn mark_owing(&self, id: SessionId, owed: OwedRuns) -> Result<(), StoreError> {
        self.asked().await?;
        self.0.catalog.mark_owing(id, owed).await?;
        self.answered().await
    }

    async fn owing_runs(&self, limit: usize) -> Result<Vec<SessionId>, StoreError> {
        self.asked().await?;
        self.0.catalog.owing_runs(limit).await
    }

    async fn owed_runs(&self) -> Result<OwedRuns, StoreError> {
        self.asked().await?;
        self.0.catalog.owed_runs().await
    }

    async fn awake(&self) -> Result<Vec<SessionId>, StoreError> {
        // A server that can't read its list does not start; that is no case of interest here.
        underway(&self.0, USUAL_MS).await;
        self.0.catalog.awake().await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<SessionId>, StoreError> {
        self.asked().await?;
        self.0.catalog.due(now, limit).await
    }

    async fn next_alarm(&self) -> Result<Option<Timestamp>, StoreError> {
        self.asked().await?;
        self.0.catalog.next_alarm().await
    }

    async fn remember(&self, entry: IdempotencyEntry) -> Result<Written, StoreError> {
        self.asked().await?;
        self.0.catalog.remember(entry).await
    }

    async fn recall(&self, entry: IdempotencyEntry) -> Result<Written, StoreError> {
        self.asked().await?;
        self.0.catalog.recall(entry).await
    }

    async fn archived(
        &self,
        before: Timestamp,
        after: Option<ArchivedSession>,
        limit: usize,
    ) -> Result<Vec<ArchivedSession>, StoreError> {
        self.asked().await?;
        self.0.catalog.archived(before, after, limit).await
    }

    async fn remove(&self, id: SessionId) -> Result<(), StoreError> {
        self.asked().await?;
        self.0.note(|| format!("the row of {id} is removed"));
        self.0.catalog.remove(id).await?;
        self.answered().await
    }
}
