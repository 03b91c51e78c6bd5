//! Run records, in memory.

use std::{collections::BTreeMap, sync::Mutex};

use async_trait::async_trait;
use ports::{
    Cursor, Page, RunHistory, StoreError,
    run_history::{Figures, RunFilter, Usage, span_ms},
};
use protocol::{
    MicroUsd, OrgId, RunId, SessionId, Timestamp,
    run::{RunOutcome, RunRecord},
    session::Tokens,
    usage::{UsageBy, UsageRow, UsageSums},
};

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

fn add(sums: &mut UsageSums, run: &RunRecord) {
    let figures = Figures::of(run);
    sums.runs += 1;
    match figures.outcome {
        RunOutcome::Completed => sums.completed += 1,
        RunOutcome::Failed => sums.failed += 1,
        RunOutcome::Cancelled => sums.cancelled += 1,
    }
    sums.tokens = sums.tokens
        + Tokens {
            input: figures.input.cast_unsigned(),
            output: figures.output.cast_unsigned(),
            cached: figures.cached.cast_unsigned(),
            reasoning: figures.reasoning.cast_unsigned(),
        };
    sums.tool_calls += figures.tool_calls.cast_unsigned();
    match figures.cost {
        Some(cost) => sums.known_cost_micro_usd = sums.known_cost_micro_usd + MicroUsd(cost),
        None => sums.unknown_cost_runs += 1,
    }
    sums.queued_ms += figures.queued_ms.cast_unsigned();
    sums.running_ms += figures.running_ms.cast_unsigned();
}

fn closed(mut sums: UsageSums) -> UsageSums {
    sums.cost_micro_usd = (sums.unknown_cost_runs == 0).then_some(sums.known_cost_micro_usd);
    sums
}

#[async_trait]
impl RunHistory for MemoryRunHistory {
    async fn record(&self, runs: Vec<RunRecord>) -> Result<(), StoreError> {
        let mut known = lock(&self.0);
        for run in runs {
            known.entry(run.id).or_insert(run);
        }
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

    async fn usage(
        &self,
        org: OrgId,
        filter: RunFilter,
        by: Vec<UsageBy>,
        limit: usize,
    ) -> Result<Usage, StoreError> {
        let mut total = UsageSums::default();
        let mut groups = BTreeMap::new();
        for run in lock(&self.0).values().filter(|run| shown(run, org, &filter)) {
            add(&mut total, run);
            let start = span_ms(&by).map(|span| run.ended_at.as_ms() - run.ended_at.as_ms() % span);
            let group = (
                std::cmp::Reverse(start),
                by.contains(&UsageBy::User).then_some(run.user_id),
                run.api_key_id.filter(|_| by.contains(&UsageBy::ApiKey)),
                by.contains(&UsageBy::Model).then(|| run.model.clone()),
                by.contains(&UsageBy::Session).then_some(run.session_id),
            );
            add(groups.entry(group).or_default(), run);
        }
        if by.is_empty() {
            groups.clear();
        }
        let truncated = groups.len() > limit;
        let rows = groups.into_iter().take(limit);
        let rows = rows.map(
            |((start, user_id, api_key_id, model, session_id), sums)| UsageRow {
                from: start.0.map(Timestamp::from_ms),
                user_id,
                api_key_id,
                model,
                session_id,
                sums: closed(sums),
            },
        );
        Ok(Usage {
            rows: rows.collect(),
            truncated,
            total: closed(total),
        })
    }

    async fn remove_before(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let mut runs = lock(&self.0);
        let mut old: Vec<_> = runs
            .values()
            .filter(|run| run.ended_at < before)
            .map(|run| (run.ended_at, run.id))
            .collect();
        old.sort_unstable();
        old.truncate(limit);
        for (_, id) in &old {
            runs.retain(|_, run| run.id != *id);
        }
        Ok(old.len())
    }

    async fn remove_session(&self, session: SessionId) -> Result<(), StoreError> {
        lock(&self.0).retain(|_, run| run.session_id != session);
        Ok(())
    }
}
