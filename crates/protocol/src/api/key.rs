//! API keys.

use serde::{Deserialize, Serialize};

use crate::{ApiKeyId, OrgId, Timestamp, UserId};

/// Body of `POST /v1/api-keys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKeyCreate {
    /// 1 to 100 characters.
    pub name: String,
    /// `sessions:read`, `sessions:write`, `runs:read`, `audit:read`, `admin`; everything its user may do when absent.
    #[serde(
        default,
        deserialize_with = "super::or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub scopes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Requests a second that this key may make, besides the organisation's limit: 1 to 100,000, with a stock of twenty
    /// seconds for bursts. No limit of its own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 100_000))]
    pub rate_per_s: Option<u32>,
    /// The service account that the key is for; oneself when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account: Option<UserId>,
}

/// Body of `PATCH /v1/api-keys/{id}`; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKeyPatch {
    /// 1 to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Fewer than the key has, or what the caller has; an empty list is everything its user may do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// Null takes the key's own limit away.
    #[serde(
        default,
        deserialize_with = "super::present",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>, minimum = 1, maximum = 100_000))]
    pub rate_per_s: Option<Option<u32>>,
}

/// Body of `POST /v1/api-keys/{id}/rotate`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKeyRotate {
    /// Seconds for which the old key goes on working, at most 2,592,000 (30 days); 86,400 (a day) when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(maximum = 2_592_000))]
    pub overlap_s: Option<u64>,
    /// When the new key ends; when the old one would have when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// The new key. `key` is shown this one time: a replayed reply has null.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKeyCreated {
    pub id: ApiKeyId,
    pub key: Option<String>,
    pub name: String,
    pub scopes: Vec<String>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// Whose key it is: a person, or a service account.
    pub user_id: UserId,
    #[serde(default)]
    pub rate_per_s: Option<u32>,
    /// The key in whose place it was made.
    #[serde(default)]
    pub replaces: Option<ApiKeyId>,
    /// When the key in whose place it was made ends.
    #[serde(default)]
    pub replaced_expires_at: Option<Timestamp>,
}

impl std::fmt::Debug for ApiKeyCreated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiKeyCreated")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A key as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKeyInfo {
    pub id: ApiKeyId,
    pub name: String,
    pub user_id: UserId,
    /// First characters, to recognise it.
    pub hint: String,
    pub scopes: Vec<String>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    /// Coarse: noted once a minute.
    pub last_used_at: Option<Timestamp>,
    /// A limit of its own, requests a second.
    #[serde(default)]
    pub rate_per_s: Option<u32>,
    /// The key in whose place it was made.
    #[serde(default)]
    pub replaces: Option<ApiKeyId>,
    /// The key that was made in its place.
    #[serde(default)]
    pub replaced_by: Option<ApiKeyId>,
}

/// What `coordinator bootstrap` prints.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bootstrapped {
    pub org_id: OrgId,
    pub user_id: UserId,
    pub api_key: String,
    /// Signs the user in, once; only where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in_link: Option<String>,
}

impl std::fmt::Debug for Bootstrapped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bootstrapped")
            .field("org_id", &self.org_id)
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}
