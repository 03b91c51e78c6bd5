//! Users, organisations, roles and keys; and the one question: may this actor do that?

use std::{collections::BTreeSet, str::FromStr};

use protocol::{ApiKeyId, OrgId, Timestamp, UserId, session::Author};
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
    pub created_at: Timestamp,
}

/// What a member may do, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Viewer,
    Member,
    Admin,
    Owner,
}

impl Role {
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
        [Self::Viewer, Self::Member, Self::Admin, Self::Owner]
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
    #[serde(rename = "admin")]
    Admin,
}

impl Scope {
    pub const ALL: [Self; 4] = [
        Self::SessionsRead,
        Self::SessionsWrite,
        Self::RunsRead,
        Self::Admin,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SessionsRead => "sessions:read",
            Self::SessionsWrite => "sessions:write",
            Self::RunsRead => "runs:read",
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
                format!("unknown scope `{text}`: expected sessions:read, sessions:write, runs:read or admin")
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

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    ReadSessions,
    CreateSession,
    /// Prompt, cancel, interrupt, answer, hibernate, wake, rename.
    DriveSession,
    ArchiveSession,
    DeleteSession,
    ReadRuns,
    ReadConfiguration,
    /// Model providers, environments.
    Configure,
    ManageKeys,
}

impl Action {
    pub const ALL: [Self; 9] = [
        Self::ReadSessions,
        Self::CreateSession,
        Self::DriveSession,
        Self::ArchiveSession,
        Self::DeleteSession,
        Self::ReadRuns,
        Self::ReadConfiguration,
        Self::Configure,
        Self::ManageKeys,
    ];

    fn weakest_role(self) -> Role {
        match self {
            Self::ReadSessions | Self::ReadRuns | Self::ReadConfiguration => Role::Viewer,
            Self::CreateSession | Self::DriveSession | Self::ArchiveSession | Self::DeleteSession => {
                Role::Member
            }
            Self::Configure | Self::ManageKeys => Role::Admin,
        }
    }

    fn scope(self) -> Scope {
        match self {
            Self::ReadSessions | Self::ReadConfiguration => Scope::SessionsRead,
            Self::CreateSession | Self::DriveSession | Self::ArchiveSession | Self::DeleteSession => {
                Scope::SessionsWrite
            }
            Self::ReadRuns => Scope::RunsRead,
            Self::Configure | Self::ManageKeys => Scope::Admin,
        }
    }
}

/// Why something known may not be done (403).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("this needs the role {} or a stronger one; yours is {}", needed.as_str(), has.as_str())]
    Role { needed: Role, has: Role },
    #[error("this API key lacks the scope {}", .0.as_str())]
    Scope(Scope),
}

/// May `actor` do `action` on things of its own organisation? What belongs to another is absent (404) and
/// never comes this far.
///
/// # Errors
/// Says which role or scope is missing.
pub fn authorise(actor: &Actor, action: Action) -> Result<(), Denied> {
    let needed = action.weakest_role();
    if actor.role < needed {
        return Err(Denied::Role {
            needed,
            has: actor.role,
        });
    }
    let scope = action.scope();
    let covered = actor.scopes.is_empty()
        || actor.scopes.contains(&scope)
        || actor.scopes.contains(&Scope::Admin)
        || (scope == Scope::SessionsRead && actor.scopes.contains(&Scope::SessionsWrite));
    if covered {
        Ok(())
    } else {
        Err(Denied::Scope(scope))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(role: Role, scopes: &[Scope]) -> Actor {
        Actor {
            org: OrgId::from_bits(1),
            user: UserId::from_bits(2),
            email: "a@example.org".into(),
            role,
            api_key: None,
            key_hash: None,
            browser: None,
            scopes: scopes.iter().copied().collect(),
        }
    }

    #[test]
    fn a_stronger_role_can_do_all_a_weaker_one_can() {
        let roles = [Role::Viewer, Role::Member, Role::Admin, Role::Owner];
        for action in Action::ALL {
            let allowed: Vec<bool> = roles
                .iter()
                .map(|role| authorise(&actor(*role, &[]), action).is_ok())
                .collect();
            assert!(allowed.windows(2).all(|pair| pair[0] <= pair[1]), "{action:?}");
            assert!(allowed[3], "an owner may {action:?}");
        }
    }

    #[test]
    fn scopes_only_take_away() {
        for action in Action::ALL {
            for scope in Scope::ALL {
                if authorise(&actor(Role::Viewer, &[scope]), action).is_ok() {
                    assert!(authorise(&actor(Role::Viewer, &[]), action).is_ok());
                }
            }
        }
        assert!(authorise(&actor(Role::Owner, &[Scope::RunsRead]), Action::DriveSession).is_err());
    }
}
