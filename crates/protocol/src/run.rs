//! The durable record of one finished turn. One prompt = one turn = one run.

use serde::{Deserialize, Serialize};

use crate::{
    ApiKeyId, MicroUsd, OrgId, PromptId, RunId, SessionId, Timestamp, UserId,
    session::{Repository, Tokens, TurnError},
};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RunOutcome {
    Completed,
    Failed,
    Cancelled,
}

/// Written once, when the turn ends; the same `id` again changes nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunRecord {
    pub id: RunId,
    pub org_id: OrgId,
    pub session_id: SessionId,
    pub prompt_id: PromptId,
    pub user_id: UserId,
    #[serde(default)]
    pub api_key_id: Option<ApiKeyId>,
    pub agent: String,
    pub model: String,
    #[serde(default)]
    pub repository: Option<Repository>,
    pub outcome: RunOutcome,
    #[serde(default)]
    pub error: Option<TurnError>,
    pub tokens: Tokens,
    /// Null when the model's price is unknown.
    pub cost_micro_usd: Option<MicroUsd>,
    pub queued_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub ended_at: Timestamp,
    /// Tool calls made in this turn.
    pub tool_calls: u64,
    /// First and last event of the turn in the session's log.
    pub first_seq: u64,
    pub last_seq: u64,
}
