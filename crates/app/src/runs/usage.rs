//! Sums up what runs used.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::{api::UsageReport, usage::UsageBy};

use super::RunSelection;
use crate::{App, AppError, paging};

const DEFAULT_GROUPS: usize = 200;
const MAX_GROUPS: usize = 10_000;

/// Which runs, and how they are grouped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsageQuery {
    pub which: RunSelection,
    pub group_by: Vec<UsageBy>,
    /// Groups, 1 to 10000; 200 when absent.
    pub limit: Option<u64>,
}

impl App {
    /// # Errors
    /// When policy or limit do not allow it.
    pub async fn usage(&self, actor: &Actor, query: &UsageQuery) -> Result<UsageReport, AppError> {
        authorise(actor, Action::ReadRuns)?;
        let limit = paging::limit(query.limit, DEFAULT_GROUPS, MAX_GROUPS)?;
        let history = &self.ports().run_history;
        let usage = history
            .usage(actor.org, query.which.filter(), query.group_by.clone(), limit)
            .await?;
        Ok(UsageReport {
            group_by: query.group_by.clone(),
            from: query.which.from,
            until: query.which.until,
            items: usage.rows,
            truncated: usage.truncated,
            total: usage.total,
        })
    }
}
