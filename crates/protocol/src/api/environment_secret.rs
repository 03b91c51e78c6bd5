//! Environment secrets: variables of the sandbox that go in and never come out again.

use serde::{Deserialize, Serialize};

use super::Secret;
use crate::{EnvironmentId, SecretId, Timestamp};

/// Which sandboxes a secret is for: `"organisation"`, or `{"environment_id": "env_…"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SecretScope {
    /// Every session of the organisation.
    Organisation,
    /// Sessions with this environment. It wins over a secret of the same name of the organisation.
    EnvironmentId(EnvironmentId),
}

/// What in the sandbox gets to see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SecretPhase {
    /// The set-up commands alone; the agent does not get it.
    Setup,
    /// The agent and what it starts.
    Agent,
    Both,
}

/// Body of `POST /v1/secrets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecretCreate {
    /// Name of the variable: letters, digits and `_`, not a digit first, at most 256 characters; names that the
    /// sandbox itself needs are refused.
    pub name: String,
    /// At least 6 characters besides blanks around them, at most 16384 bytes, no NUL. Shorter ones cannot be hidden from output, so they are refused.
    pub value: Secret,
    pub scope: SecretScope,
    pub phase: SecretPhase,
}

/// Body of `PATCH /v1/secrets/{id}`; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecretPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Secret>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<SecretPhase>,
}

/// An environment secret as it is shown: never its value, nor how long it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecretInfo {
    pub id: SecretId,
    pub name: String,
    pub scope: SecretScope,
    pub phase: SecretPhase,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_a_word_or_an_id() {
        let word = serde_json::to_string(&SecretScope::Organisation).unwrap();
        assert_eq!(word, "\"organisation\"");
        let id = EnvironmentId::from_bits(7);
        let of_one = serde_json::json!({ "environment_id": id });
        assert_eq!(
            serde_json::from_value::<SecretScope>(of_one).unwrap(),
            SecretScope::EnvironmentId(id)
        );
    }
}
