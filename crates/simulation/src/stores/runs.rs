//! The history of finished turns.

use std::sync::Arc;

use async_trait::async_trait;
use ports::{
    Cursor, Page, RunHistory, StoreError,
    run_history::{RunFilter, Usage},
};
use protocol::{OrgId, RunId, SessionId, Timestamp, run::RunRecord, usage::UsageBy};

use super::{unavailable, underway, unknown};
use crate::{mutant::Mutant, world::Shared};

const USUAL_MS: u64 = 30;

pub(crate) struct SimRuns(Shared);

impl SimRuns {
    pub(crate) fn new(world: &Shared) -> Arc<Self> {
        Arc::new(Self(Arc::clone(world)))
    }

    async fn asked(&self) -> Result<(), StoreError> {
        underway(&self.0, USUAL_MS).await;
        if self.0.strikes("history unavailable", |rates| rates.runs) {
            return Err(unavailable());
        }
        Ok(())
    }
}

#[async_trait]
impl RunHistory for SimRuns {
    async fn record(&self, runs: Vec<RunRecord>) -> Result<(), StoreError> {
        for run in &runs {
            let held = self.0.oracle().records(run);
            self.0.judge(held);
        }
        self.asked().await?;
        self.0
            .note(|| format!("the history takes {} records", runs.len()));
        if self.0.mutant == Some(Mutant::RecordForgotten) {
            let world = Arc::clone(&self.0);
            tokio::spawn(async move {
                world.sleep(5, 2_000).await;
                let _ = world.runs.record(runs).await;
            });
            return Ok(());
        }
        self.0.runs.record(runs).await?;
        self.0.pause(USUAL_MS).await;
        if self.0.strikes("history's answer lost", |rates| rates.runs) {
            return Err(unknown());
        }
        Ok(())
    }

    async fn lookup(&self, org: OrgId, id: RunId) -> Result<Option<RunRecord>, StoreError> {
        self.asked().await?;
        self.0.runs.lookup(org, id).await
    }

    async fn list(
        &self,
        org: OrgId,
        filter: RunFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<RunRecord>, StoreError> {
        self.asked().await?;
        self.0.runs.list(org, filter, after, limit).await
    }

    async fn usage(
        &self,
        org: OrgId,
        filter: RunFilter,
        by: Vec<UsageBy>,
        limit: usize,
    ) -> Result<Usage, StoreError> {
        self.asked().await?;
        self.0.runs.usage(org, filter, by, limit).await
    }

    async fn remove_before(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.asked().await?;
        self.0.runs.remove_before(before, limit).await
    }

    async fn remove_session(&self, session: SessionId) -> Result<(), StoreError> {
        self.asked().await?;
        self.0.runs.remove_session(session).await
    }
}
