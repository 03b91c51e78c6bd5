//! Identities at providers, and the users whom they sign in.

use async_trait::async_trait;
use domain::{
    sign_in::{BrowserSession, LinkedIdentity, TokenHash},
    tenancy::{Organisation, User},
};
use protocol::{IdentityId, UserId};

use super::Completed;
use crate::{StoreError, idempotency::Written};

/// Where a new user belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewPlace {
    /// An organisation of their own, which comes to be with them.
    Own(Organisation),
    /// Where this invitation leads, which is used up.
    Invited(TokenHash),
}

/// What became of an attempt to link an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linked {
    Done,
    /// It signs somebody in already, perhaps this very user.
    Taken,
    /// The user has as many as they may.
    TooMany,
    /// There is no such user.
    NoUser,
}

/// What became of an attempt to take an identity away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlinked {
    Done,
    /// The user has no such identity.
    Missing,
    /// Without it the user could not sign in any more: no password, and no other identity.
    LastWayIn,
}

/// The part of the identity store about identities. One signs at most one user in: issuer and subject are unique.
#[async_trait]
pub trait Identities: Send + Sync {
    /// Whom this identity signs in.
    async fn find_identity(&self, issuer: &str, subject: &str) -> Result<Option<LinkedIdentity>, StoreError>;

    /// Identities of a user, the one linked first first.
    async fn list_identities(&self, user: UserId) -> Result<Vec<LinkedIdentity>, StoreError>;

    /// From now on the identity signs its user in.
    async fn link_identity(&self, identity: LinkedIdentity, most: usize) -> Result<Linked, StoreError>;

    /// The identity signs nobody in any more. Browser sessions that it opened go on.
    async fn unlink_identity(&self, user: UserId, id: IdentityId) -> Result<Unlinked, StoreError>;

    /// Makes a user without a password, links the identity, and gives them their place: all or nothing. `Refused` when
    /// there is a user with this address or id, the identity is linked already, or the organisation's slug is taken. Sign-ups
    /// that wait for the address go.
    async fn add_federated_user(
        &self,
        user: User,
        identity: LinkedIdentity,
        place: NewPlace,
    ) -> Result<Completed, StoreError>;

    /// Opens a browser session for a user who still has this identity; else `Refused`. Makes room as
    /// `open_browser_session`, and keeps `email` and `name` as what the provider said last, with the session's `created_at`
    /// as the last use.
    async fn open_federated_session(
        &self,
        session: BrowserSession,
        identity: IdentityId,
        said: Said,
    ) -> Result<Written, StoreError>;
}

/// What a provider said about a person this time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    pub email: Option<String>,
    pub name: Option<String>,
}
