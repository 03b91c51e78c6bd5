//! Finished turns with what happened in them, and what they used.

use serde::{Deserialize, Serialize};

use crate::{
    Event, Timestamp,
    run::RunRecord,
    usage::{UsageBy, UsageRow, UsageSums},
};

/// A finished turn with its events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunDetail {
    #[serde(flatten)]
    pub run: RunRecord,
    /// Events of this turn, in order. None for a key that may read runs and no sessions.
    pub events: Vec<Event>,
    /// Cursor for more of them; null when these are all.
    pub next_after: Option<u64>,
}

/// What was used, in groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageReport {
    pub group_by: Vec<UsageBy>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// Newest first; within a day or hour by user, key, model and session.
    pub items: Vec<UsageRow>,
    /// There are more groups than `limit`.
    pub truncated: bool,
    /// Over all runs in question, also those whose group is not shown.
    pub total: UsageSums,
}
