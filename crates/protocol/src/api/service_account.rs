//! Service accounts: users that are programs.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, UserId};

/// Body of `POST /v1/service-accounts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceAccountCreate {
    /// 1 to 100 characters; shown as the author of what it does.
    pub name: String,
    /// `viewer`, `member` or `admin`; `member` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// Body of `PATCH /v1/service-accounts/{id}`; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceAccountPatch {
    /// 1 to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `viewer`, `member` or `admin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// A service account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceAccount {
    pub id: UserId,
    /// `service`, always: what tells it from people where both are listed.
    pub kind: String,
    pub name: String,
    /// `viewer`, `member` or `admin`.
    pub role: String,
    pub created_at: Timestamp,
}
