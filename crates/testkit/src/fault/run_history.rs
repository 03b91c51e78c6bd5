//! Faults of the run history.

use async_trait::async_trait;
use ports::{Cursor, Page, RunHistory, StoreError, run_history::RunFilter};
use protocol::{OrgId, RunId, SessionId, run::RunRecord};

use super::{Fault, strike, unavailable, unknown};

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "record_unavailable",
        injects: "records cannot be written",
        outcome: "turns end without waiting; the record stays owed in the session's log and is written later",
    },
    Fault {
        name: "record_unknown_written",
        injects: "the record is written but the answer is lost",
        outcome: "written again under the same id; it is there once",
    },
    Fault {
        name: "record_full",
        injects: "no room for records",
        outcome: "as unavailable: turns go on, the record stays owed",
    },
    Fault {
        name: "read_unavailable",
        injects: "records cannot be read",
        outcome: "lists fail as unavailable, never as empty",
    },
    Fault {
        name: "remove_unavailable",
        injects: "records of a deleted session cannot be removed now",
        outcome: "the removal stays owed and is done later",
    },
];

super::decorator!("run_history", ports::RunHistory);

#[async_trait]
impl RunHistory for Faulty {
    async fn record(&self, run: RunRecord) -> Result<(), StoreError> {
        strike!(self, "record_unavailable", unavailable());
        strike!(self, "record_full", StoreError::Full);
        self.inner.record(run).await?;
        strike!(self, "record_unknown_written", unknown());
        Ok(())
    }

    async fn lookup(&self, org: OrgId, id: RunId) -> Result<Option<RunRecord>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.lookup(org, id).await
    }

    async fn list(
        &self,
        org: OrgId,
        filter: RunFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<RunRecord>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.list(org, filter, after, limit).await
    }

    async fn remove_session(&self, session: SessionId) -> Result<(), StoreError> {
        strike!(self, "remove_unavailable", unavailable());
        self.inner.remove_session(session).await
    }
}
