//! Who the credential stands for.

use serde::{Deserialize, Serialize};

use crate::{ApiKeyId, OrgId, UserId};

/// Body of `GET /v1/me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    pub user: MeUser,
    pub organisation: MeOrganisation,
    /// `owner`, `admin`, `member` or `viewer`.
    pub role: String,
    /// The key used, if it was one.
    pub api_key_id: Option<ApiKeyId>,
    /// What the key is limited to; empty = everything the user may do.
    pub scopes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeUser {
    pub id: UserId,
    pub email: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeOrganisation {
    pub id: OrgId,
    pub slug: String,
}
