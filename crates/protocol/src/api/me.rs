//! Who the credential stands for.

use serde::{Deserialize, Serialize};

use crate::{ApiKeyId, OrgId, UserId, api::Secret};

/// Body of `GET /v1/me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    pub user: MeUser,
    /// The one that is acted in; null for somebody who belongs to none yet.
    #[serde(default)]
    pub organisation: Option<MeOrganisation>,
    /// `owner`, `admin`, `member` or `viewer`; null without an organisation.
    #[serde(default)]
    pub role: Option<String>,
    /// The key used, if it was one.
    pub api_key_id: Option<ApiKeyId>,
    /// What the key is limited to; empty = everything the user may do.
    pub scopes: Vec<String>,
    /// For browsers, to be sent back as `Coordinator-CSRF` with whatever changes something; null for keys.
    #[serde(default)]
    pub csrf_token: Option<Secret>,
    /// Whether the user can sign in with a password.
    #[serde(default)]
    pub has_password: bool,
    /// Whether signing in with a password takes a code as well.
    #[serde(default)]
    pub second_factor: bool,
    /// Where the user is a member, oldest first; a key sees its own organisation alone.
    #[serde(default)]
    pub organisations: Vec<MeMembership>,
}

/// An organisation of the user, with their role in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeMembership {
    pub id: OrgId,
    pub slug: String,
    /// What people call it.
    #[serde(default)]
    pub name: String,
    /// `owner`, `admin`, `member` or `viewer`.
    pub role: String,
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
    /// What people call it.
    #[serde(default)]
    pub name: String,
}
