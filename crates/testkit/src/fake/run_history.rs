//! Run records, in memory.

use std::{collections::BTreeMap, sync::Mutex};

use async_trait::async_trait;
use ports::{Cursor, Page, RunHistory, StoreError, run_history::RunFilter};
use protocol::{OrgId, RunId, SessionId, run::RunRecord};

use super::lock;

/// The fake of this port.
pub type Fake = MemoryRunHistory;

/// Keeps records by id.
#[derive(Debug, Default)]
pub struct MemoryRunHistory(Mutex<BTreeMap<RunId, RunRecord>>);

impl MemoryRunHistory {
    /// Every record, oldest first.
    #[must_use]
    pub fn all(&self) -> Vec<RunRecord> {
        lock(&self.0).values().cloned().collect()
    }
}

fn shown(run: &RunRecord, org: OrgId, filter: &RunFilter) -> bool {
    run.org_id == org
        && filter.session.is_none_or(|id| run.session_id == id)
        && filter.user.is_none_or(|id| run.user_id == id)
        && filter.api_key.is_none_or(|id| run.api_key_id == Some(id))
        && filter.model.as_ref().is_none_or(|model| run.model == *model)
        && filter.from.is_none_or(|from| run.ended_at >= from)
        && filter.until.is_none_or(|until| run.ended_at < until)
}

#[async_trait]
impl RunHistory for MemoryRunHistory {
    async fn record(&self, run: RunRecord) -> Result<(), StoreError> {
        lock(&self.0).entry(run.id).or_insert(run);
        Ok(())
    }

    async fn lookup(&self, org: OrgId, id: RunId) -> Result<Option<RunRecord>, StoreError> {
        Ok(lock(&self.0).get(&id).filter(|run| run.org_id == org).cloned())
    }

    async fn list(
        &self,
        org: OrgId,
        filter: RunFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<RunRecord>, StoreError> {
        let runs = lock(&self.0);
        let wanted = runs.values().rev().filter(|run| {
            shown(run, org, &filter) && after.as_ref().is_none_or(|cursor| run.id.bits() < cursor.0)
        });
        let mut items: Vec<RunRecord> = wanted.take(limit.saturating_add(1)).cloned().collect();
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more {
            items.last().map(|run| Cursor(run.id.bits()))
        } else {
            None
        };
        Ok(Page { items, next })
    }

    async fn remove_session(&self, session: SessionId) -> Result<(), StoreError> {
        lock(&self.0).retain(|_, run| run.session_id != session);
        Ok(())
    }
}
