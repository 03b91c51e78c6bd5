//! Organisations, who belongs to them, and invitations into them.

use serde::{Deserialize, Serialize};

use crate::{InvitationId, OrgId, Timestamp, UserId, api::Secret};

/// Body of `POST /v1/orgs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganisationCreate {
    /// A short name of its own, unique on this server: 1 to 63 of `a-z`, `0-9` and `-`, not `-` first. It stays.
    pub slug: String,
    /// What people call it, 1 to 100 characters; the slug when absent.
    #[serde(default)]
    pub name: Option<String>,
}

/// Body of `PATCH /v1/orgs/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganisationPatch {
    /// What people call it, 1 to 100 characters.
    pub name: String,
}

/// An organisation of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganisationInfo {
    pub id: OrgId,
    pub slug: String,
    pub name: String,
    /// The caller's role in it: `owner`, `admin`, `member` or `viewer`.
    pub role: String,
    pub created_at: Timestamp,
    /// Set while it is going to be deleted.
    #[serde(default)]
    pub deletion: Option<OrganisationDeletion>,
}

/// The time of grace before an organisation is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganisationDeletion {
    pub requested_at: Timestamp,
    /// Until then an owner can restore it.
    pub effective_at: Timestamp,
}

/// Somebody who belongs to an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberInfo {
    pub user_id: UserId,
    pub email: String,
    /// `owner`, `admin`, `member` or `viewer`.
    pub role: String,
}

/// Body of `PATCH /v1/orgs/{id}/members/{user_id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberPatch {
    /// `owner`, `admin`, `member` or `viewer`.
    pub role: String,
}

/// Body of `POST /v1/orgs/{id}/transfer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnershipTransfer {
    /// The member who becomes the owner.
    pub user_id: UserId,
}

/// Body of `POST /v1/orgs/{id}/invitations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationCreate {
    /// Who may accept it; anybody who has the link when absent.
    #[serde(default)]
    pub email: Option<String>,
    /// The role that it gives, at most one's own: `owner`, `admin`, `member` or `viewer`.
    pub role: String,
    /// At most 30 days from now; 7 days when absent.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// A new invitation, with the link that accepts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationCreated {
    pub id: InvitationId,
    #[serde(default)]
    pub email: Option<String>,
    pub role: String,
    pub expires_at: Timestamp,
    /// Shown this one time: whoever opens it can accept, once. What follows `#token=` is the token. Null in a reply
    /// that is repeated.
    #[serde(default)]
    pub link: Option<Secret>,
}

/// An invitation as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationInfo {
    pub id: InvitationId,
    /// Null when anybody who has the link may accept it.
    pub email: Option<String>,
    pub role: String,
    /// `open`, `accepted`, `revoked` or `expired`.
    pub status: String,
    pub invited_by: UserId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// Who accepted it.
    pub accepted_by: Option<UserId>,
}

/// Body of `POST /v1/invitations/accept` and `POST /v1/invitations/preview`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationToken {
    /// What follows `#token=` in the link.
    pub token: Secret,
}

/// What an invitation leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationPreview {
    /// Name of the organisation.
    pub organisation: String,
    pub role: String,
    pub expires_at: Timestamp,
}
