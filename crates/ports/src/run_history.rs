//! The durable history of finished turns.

use async_trait::async_trait;
use protocol::{
    ApiKeyId, OrgId, RunId, SessionId, Timestamp, UserId,
    run::{RunOutcome, RunRecord},
    usage::{UsageBy, UsageRow, UsageSums},
};

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

/// Largest figure of one run that is summed up: what a sandbox reports is not to make sums overflow.
pub const LARGEST_FIGURE: i64 = 1_000_000_000_000;

/// The numbers of a run as a history sums them up. The record itself is kept as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    pub outcome: RunOutcome,
    pub input: i64,
    pub output: i64,
    pub cached: i64,
    pub reasoning: i64,
    pub tool_calls: i64,
    /// `None` when the price is not known.
    pub cost: Option<i64>,
    pub queued_ms: i64,
    pub running_ms: i64,
}

impl Figures {
    #[must_use]
    pub fn of(run: &RunRecord) -> Self {
        let figure = |value: u64| i64::try_from(value).unwrap_or(i64::MAX).min(LARGEST_FIGURE);
        let span =
            |from: Timestamp, to: Timestamp| to.as_ms().saturating_sub(from.as_ms()).clamp(0, LARGEST_FIGURE);
        Self {
            outcome: run.outcome,
            input: figure(run.tokens.input),
            output: figure(run.tokens.output),
            cached: figure(run.tokens.cached),
            reasoning: figure(run.tokens.reasoning),
            tool_calls: figure(run.tool_calls),
            cost: run.cost_micro_usd.map(|cost| cost.0.clamp(0, LARGEST_FIGURE)),
            queued_ms: span(run.queued_at, run.started_at.unwrap_or(run.ended_at)),
            running_ms: run.started_at.map_or(0, |started| span(started, run.ended_at)),
        }
    }

    #[must_use]
    pub fn outcome_word(&self) -> &'static str {
        match self.outcome {
            RunOutcome::Completed => "completed",
            RunOutcome::Failed => "failed",
            RunOutcome::Cancelled => "cancelled",
        }
    }
}

/// Milliseconds of the span of time that runs are grouped into; the hour when both are asked for.
#[must_use]
pub fn span_ms(by: &[UsageBy]) -> Option<i64> {
    if by.contains(&UsageBy::Hour) {
        Some(3_600_000)
    } else if by.contains(&UsageBy::Day) {
        Some(86_400_000)
    } else {
        None
    }
}

/// Sums over runs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    /// Newest first; within a span of time by user, key, model and session.
    pub rows: Vec<UsageRow>,
    /// There are more rows than were asked for.
    pub truncated: bool,
    /// Over all runs, whether their row is shown or not.
    pub total: UsageSums,
}

/// Keeps run records.
#[async_trait]
pub trait RunHistory: Send + Sync {
    /// Writes records, all or none of them; an id that is there already changes nothing. Durable when this
    /// returns `Ok`.
    async fn record(&self, runs: Vec<RunRecord>) -> Result<(), StoreError>;
    async fn lookup(&self, org: OrgId, id: RunId) -> Result<Option<RunRecord>, StoreError>;
    /// Newest first.
    async fn list(
        &self,
        org: OrgId,
        filter: RunFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<RunRecord>, StoreError>;
    /// Sums over the runs that the filter lets through, one row for each group, at most `limit` rows. Without
    /// anything to group by there are no rows.
    async fn usage(
        &self,
        org: OrgId,
        filter: RunFilter,
        by: Vec<UsageBy>,
        limit: usize,
    ) -> Result<Usage, StoreError>;
    /// Removes the runs of a deleted session.
    async fn remove_session(&self, session: SessionId) -> Result<(), StoreError>;
    /// Removes runs of all organisations that ended before `before`, the oldest first, at most `limit`; answers how many.
    async fn remove_before(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError>;
}
