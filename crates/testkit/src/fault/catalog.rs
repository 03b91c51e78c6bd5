//! Faults of the catalogue.

use async_trait::async_trait;
use ports::{
    Catalog, Cursor, Page, StoreError,
    catalog::{ArchivedSession, OrgUsage, OwedRuns, Reserved, SessionFilter, SessionRow},
    idempotency::{IdempotencyEntry, Written},
};
use protocol::{OrgId, SessionId, Timestamp};

use super::{Fault, strike, unavailable, unknown};

/// A late answer's delay.
const LATE: std::time::Duration = std::time::Duration::from_millis(50);

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "reserve_unavailable",
        injects: "no place for a new session can be taken now",
        outcome: "creating fails as unavailable; repeating with the same key makes one session",
    },
    Fault {
        name: "reserve_unknown_written",
        injects: "the place is taken but the answer is lost",
        outcome: "repeating with the same key answers that same session",
    },
    Fault {
        name: "reserve_answered_late",
        injects: "the place is taken and seen by everybody a while before the answer arrives",
        outcome: "a host that starts meanwhile and finds no log takes no mark from the session that is being made",
    },
    Fault {
        name: "read_unavailable",
        injects: "rows cannot be read",
        outcome: "lists and look-ups fail as unavailable, never as absent",
    },
    Fault {
        name: "project_unavailable",
        injects: "the row cannot be brought up to date",
        outcome: "the session goes on; the row catches up with a later projection",
    },
    Fault {
        name: "mark_awake_unavailable",
        injects: "the awake mark cannot be set",
        outcome: "no commit without the mark: the command fails as unavailable",
    },
    Fault {
        name: "mark_asleep_unavailable",
        injects: "the awake mark cannot be cleared",
        outcome: "the session stays marked and is looked after at the next start; nothing owed is lost",
    },
    Fault {
        name: "mark_owing_unavailable",
        injects: "what a session owes the run history cannot be noted",
        outcome: "the session stays awake and owes; its records are written when the history takes them",
    },
    Fault {
        name: "owing_unavailable",
        injects: "the sessions that owe run records cannot be read",
        outcome: "asked again; the records are written late",
    },
    Fault {
        name: "due_unavailable",
        injects: "due alarms cannot be read",
        outcome: "asked again; the alarms fire late",
    },
    Fault {
        name: "remember_unavailable",
        injects: "the key of a deletion cannot be noted",
        outcome: "the deletion fails as unavailable and nothing is removed; repeating with the same key deletes",
    },
    Fault {
        name: "remove_unavailable",
        injects: "the row cannot be removed now",
        outcome: "the deletion stays owed and is done later",
    },
];

super::decorator!("catalog", ports::Catalog);

#[async_trait]
impl Catalog for Faulty {
    async fn reserve(
        &self,
        row: SessionRow,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Reserved, StoreError> {
        strike!(self, "reserve_unavailable", unavailable());
        let reserved = self.inner.reserve(row, idempotency).await?;
        strike!(self, "reserve_unknown_written", unknown());
        if self.faults.strikes("reserve_answered_late") {
            tokio::time::sleep(LATE).await;
        }
        Ok(reserved)
    }

    async fn lookup(&self, id: SessionId) -> Result<Option<SessionRow>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.lookup(id).await
    }

    async fn list(
        &self,
        org: OrgId,
        filter: SessionFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<SessionRow>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.list(org, filter, after, limit).await
    }

    async fn usage(&self, org: OrgId) -> Result<OrgUsage, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.usage(org).await
    }

    async fn project(&self, row: SessionRow) -> Result<(), StoreError> {
        strike!(self, "project_unavailable", unavailable());
        self.inner.project(row).await
    }

    async fn mark_awake(&self, id: SessionId) -> Result<(), StoreError> {
        strike!(self, "mark_awake_unavailable", unavailable());
        self.inner.mark_awake(id).await
    }

    async fn mark_asleep(&self, id: SessionId, alarm: Option<Timestamp>) -> Result<(), StoreError> {
        strike!(self, "mark_asleep_unavailable", unavailable());
        self.inner.mark_asleep(id, alarm).await
    }

    async fn mark_owing(&self, id: SessionId, owed: OwedRuns) -> Result<(), StoreError> {
        strike!(self, "mark_owing_unavailable", unavailable());
        self.inner.mark_owing(id, owed).await
    }

    async fn owing_runs(&self, limit: usize) -> Result<Vec<SessionId>, StoreError> {
        strike!(self, "owing_unavailable", unavailable());
        self.inner.owing_runs(limit).await
    }

    async fn owed_runs(&self) -> Result<OwedRuns, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.owed_runs().await
    }

    async fn awake(&self) -> Result<Vec<SessionId>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.awake().await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<SessionId>, StoreError> {
        strike!(self, "due_unavailable", unavailable());
        self.inner.due(now, limit).await
    }

    async fn next_alarm(&self) -> Result<Option<Timestamp>, StoreError> {
        strike!(self, "due_unavailable", unavailable());
        self.inner.next_alarm().await
    }

    async fn remember(&self, entry: IdempotencyEntry) -> Result<Written, StoreError> {
        strike!(self, "remember_unavailable", unavailable());
        self.inner.remember(entry).await
    }

    async fn recall(&self, entry: IdempotencyEntry) -> Result<Written, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.recall(entry).await
    }

    async fn archived(
        &self,
        before: Timestamp,
        after: Option<ArchivedSession>,
        limit: usize,
    ) -> Result<Vec<ArchivedSession>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.archived(before, after, limit).await
    }

    async fn remove(&self, id: SessionId) -> Result<(), StoreError> {
        strike!(self, "remove_unavailable", unavailable());
        self.inner.remove(id).await
    }
}
