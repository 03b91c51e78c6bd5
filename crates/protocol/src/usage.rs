//! Sums over finished turns: what was used, by whom, with which model, and what it cost.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{ApiKeyId, MicroUsd, SessionId, Timestamp, UserId, session::Tokens};

/// What runs are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum UsageBy {
    /// Days of UTC, by the end of the turn.
    Day,
    Hour,
    User,
    ApiKey,
    Model,
    Session,
}

impl UsageBy {
    pub const ALL: [Self; 6] = [
        Self::Day,
        Self::Hour,
        Self::User,
        Self::ApiKey,
        Self::Model,
        Self::Session,
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Hour => "hour",
            Self::User => "user",
            Self::ApiKey => "api_key",
            Self::Model => "model",
            Self::Session => "session",
        }
    }
}

impl FromStr for UsageBy {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|by| by.word() == text);
        found.ok_or_else(|| "expected day, hour, user, api_key, model or session".to_owned())
    }
}

/// Sums over some runs. A figure of a single run above 10^12 counts as 10^12.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageSums {
    pub runs: u64,
    pub completed: u64,
    pub failed: u64,
    pub cancelled: u64,
    pub tokens: Tokens,
    pub tool_calls: u64,
    /// Null when the price of any of these runs is not known.
    pub cost_micro_usd: Option<MicroUsd>,
    /// Of the runs whose price is known.
    pub known_cost_micro_usd: MicroUsd,
    /// Runs whose price is not known.
    pub unknown_cost_runs: u64,
    /// Time that prompts waited for their turn.
    pub queued_ms: u64,
    /// Time that turns took.
    pub running_ms: u64,
}

/// One group. What it was not grouped by is null.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageRow {
    /// Start of the day or hour.
    pub from: Option<Timestamp>,
    pub user_id: Option<UserId>,
    /// Also null for prompts that were not given with a key.
    pub api_key_id: Option<ApiKeyId>,
    pub model: Option<String>,
    pub session_id: Option<SessionId>,
    #[serde(flatten)]
    pub sums: UsageSums,
}
