//! What an organisation may ask for, and how much of it is used.

use serde::{Deserialize, Serialize};

use crate::OrgId;

/// Body of `GET /v1/limits`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrgLimits {
    pub organisation_id: OrgId,
    pub requests: RequestLimit,
    pub quotas: OrgQuotas,
}

/// How fast requests may come, from all credentials of the organisation together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestLimit {
    /// Requests a second that come back into the stock.
    pub per_s: u32,
    /// The whole stock.
    pub burst: u32,
    /// What is left of it now.
    pub remaining: u32,
}

/// What there may be at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrgQuotas {
    /// Sessions that exist, archived ones too.
    pub sessions: QuotaUse,
    /// Sessions that are awake: with a sandbox, at work, or used a moment ago.
    pub sandboxes: QuotaUse,
    /// Sessions with a turn that runs or waits.
    pub turns: QuotaUse,
    /// People and service accounts.
    pub members: QuotaUse,
    /// Sockets and streams that are open.
    pub sockets: QuotaUse,
    /// Bytes that its sessions keep: logs, with what was attached to prompts, and artifacts. Counted in steps, a session is 64
    /// KiB at least. A limit of 0 is none.
    pub storage: QuotaUse,
}

/// A quota and how much of it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuotaUse {
    pub limit: u64,
    pub used: u64,
}
