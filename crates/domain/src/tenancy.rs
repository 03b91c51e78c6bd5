//! Users, organisations, roles and keys, and who acts. What they may do is in `policy`.

use std::{collections::BTreeSet, net::IpAddr, str::FromStr};

use protocol::{ApiKeyId, OrgId, RequestId, Timestamp, UserId, session::Author};
use serde::{Deserialize, Serialize};

use crate::sign_in::TokenHash;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: UserId,
    /// Lower case; unique.
    pub email: String,
    pub created_at: Timestamp,
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    pub id: OrgId,
    /// Unique; 1 to 63 of `a-z`, `0-9` and `-`.
    pub slug: String,
    /// What people call it; 1 to 100 characters.
    #[serde(default)]
    pub name: String,
    pub created_at: Timestamp,
    /// Set while it is going to be deleted.
    #[serde(default)]
    pub deletion: Option<Deletion>,
}

/// The time of grace before an organisation is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    pub requested_at: Timestamp,
    /// Until then it can be taken back.
    pub effective_at: Timestamp,
}

/// What a member may do, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Viewer,
    Member,
    Admin,
    Owner,
}

impl Role {
    /// Weakest first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Member, Self::Admin, Self::Owner];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| format!("unknown role `{text}`"))
    }
}

/// What a key is limited to. A key without scopes can do what its user can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Scope {
    #[serde(rename = "sessions:read")]
    SessionsRead,
    #[serde(rename = "sessions:write")]
    SessionsWrite,
    #[serde(rename = "runs:read")]
    RunsRead,
    #[serde(rename = "audit:read")]
    AuditRead,
    #[serde(rename = "admin")]
    Admin,
}

impl Scope {
    pub const ALL: [Self; 5] = [
        Self::SessionsRead,
        Self::SessionsWrite,
        Self::RunsRead,
        Self::AuditRead,
        Self::Admin,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SessionsRead => "sessions:read",
            Self::SessionsWrite => "sessions:write",
            Self::RunsRead => "runs:read",
            Self::AuditRead => "audit:read",
            Self::Admin => "admin",
        }
    }
}

impl FromStr for Scope {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or_else(|| {
                let known = Self::ALL.map(Self::as_str).join(", ");
                format!("unknown scope `{text}`: expected one of {known}")
            })
    }
}

/// An API key as kept: the hash, never the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub org: OrgId,
    pub user: UserId,
    pub name: String,
    /// SHA-256 of the key's text.
    pub hash: [u8; 32],
    /// First characters of the key, to recognise it in a list.
    pub hint: String,
    /// Empty = everything the user may do.
    pub scopes: BTreeSet<Scope>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    /// A rate of its own, requests a second, besides that of its organisation.
    pub rate_per_s: Option<u32>,
    /// The key in whose place it was made.
    pub replaces: Option<ApiKeyId>,
    /// The key that was made in its place.
    pub replaced_by: Option<ApiKeyId>,
}

impl ApiKey {
    /// Whether it opens anything at this time.
    #[must_use]
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// A key with whom it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub key: ApiKey,
    pub user: User,
    pub organisation: Organisation,
    /// `None` when the user is no longer a member.
    pub role: Option<Role>,
    /// The name of the service account that the user is, if it is one.
    pub service: Option<String>,
}

/// A user that is a program: it belongs to one organisation, has keys, and cannot sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccount {
    pub id: UserId,
    pub org: OrgId,
    pub name: String,
    /// Below owner.
    pub role: Role,
    pub created_at: Timestamp,
}

impl ServiceAccount {
    /// What stands in for its e-mail address, which is unique among users: no mail gets there (RFC 2606).
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}@service.invalid", self.id)
    }
}

/// Who acts, in which organisation, with what power: the one context every use case takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub org: OrgId,
    pub user: UserId,
    pub email: String,
    pub role: Role,
    pub api_key: Option<ApiKeyId>,
    /// The key's hash, by which it is looked at again.
    pub key_hash: Option<[u8; 32]>,
    /// The browser session, for people who signed in.
    pub browser: Option<TokenHash>,
    pub scopes: BTreeSet<Scope>,
    /// When the organisation is going to be deleted, if it is: until then it can be looked at and little else.
    pub closing: Option<Timestamp>,
    pub asked: Asked,
}

/// The request that somebody acts through, for the audit log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// Where it came from, as far as that can be believed.
    pub address: Option<IpAddr>,
    pub request: Option<RequestId>,
}

impl Actor {
    /// As it is written into events and runs.
    #[must_use]
    pub fn author(&self) -> Author {
        Author {
            user_id: self.user,
            api_key_id: self.api_key,
            name: Some(self.email.clone()),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn actor(role: Role, scopes: &[Scope]) -> Actor {
        Actor {
            org: OrgId::from_bits(1),
            user: UserId::from_bits(2),
            email: "a@example.org".into(),
            role,
            api_key: None,
            key_hash: None,
            browser: None,
            scopes: scopes.iter().copied().collect(),
            closing: None,
            asked: Asked::default(),
        }
    }

    #[test]
    fn words_lead_back_to_roles_and_scopes() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        for scope in Scope::ALL {
            assert_eq!(scope.as_str().parse(), Ok(scope));
        }
        assert!("emperor".parse::<Role>().is_err() && "everything".parse::<Scope>().is_err());
    }
}
