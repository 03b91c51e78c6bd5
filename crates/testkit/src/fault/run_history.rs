//! Faults of the run history.

use async_trait::async_trait;
use ports::{
    Cursor, Page, RunHistory, StoreError,
    run_history::{RunFilter, Usage},
};
use protocol::{OrgId, RunId, SessionId, Timestamp, run::RunRecord, usage::UsageBy};

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
        name: "record_hangs",
        injects: "the history takes records and never answers",
        outcome: "given up after a while and tried again",
    },
    Fault {
        name: "record_refused_in_company",
        injects: "a batch of several records is refused",
        outcome: "written one session at a time",
    },
    Fault {
        name: "record_refused",
        injects: "a record is refused for what it is",
        outcome: "it stays owed and is tried again much later; those of other sessions are written",
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
    async fn record(&self, runs: Vec<RunRecord>) -> Result<(), StoreError> {
        strike!(self, "record_unavailable", unavailable());
        strike!(self, "record_full", StoreError::Full);
        if self.faults.strikes("record_hangs") {
            return std::future::pending().await;
        }
        // One record spoils the batch that it is in.
        if runs.len() > 1 {
            strike!(
                self,
                "record_refused_in_company",
                StoreError::Invalid("injected".into())
            );
        }
        strike!(self, "record_refused", StoreError::Invalid("injected".into()));
        self.inner.record(runs).await?;
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

    async fn usage(
        &self,
        org: OrgId,
        filter: RunFilter,
        by: Vec<UsageBy>,
        limit: usize,
    ) -> Result<Usage, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.usage(org, filter, by, limit).await
    }

    async fn remove_before(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        strike!(self, "remove_unavailable", unavailable());
        self.inner.remove_before(before, limit).await
    }

    async fn remove_session(&self, session: SessionId) -> Result<(), StoreError> {
        strike!(self, "remove_unavailable", unavailable());
        self.inner.remove_session(session).await
    }
}
