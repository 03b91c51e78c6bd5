//! Agents that are installed on the server.

use serde::{Deserialize, Serialize};

/// One agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentInfo {
    /// As it is given to a session.
    pub name: String,
    pub version: Option<String>,
    pub available: bool,
    /// Why it cannot be used, and what to do.
    pub reason: Option<String>,
}
