//! An environment that an organisation defined: the set-up commands of a repository.

use protocol::{EnvironmentId, OrgId, Timestamp, session::Repository};

/// A named set of set-up commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentDefinition {
    pub id: EnvironmentId,
    pub org: OrgId,
    pub name: String,
    pub repository: Option<Repository>,
    /// Shell commands, run in order after the clone.
    pub setup: Vec<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
