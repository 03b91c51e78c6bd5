//! Users, organisations, memberships, API keys, and people who signed in.

mod accounts;
mod identities;
mod keys;
mod organisations;

use async_trait::async_trait;
use domain::{
    sign_in::{BrowserIdentity, BrowserSession, Membership, PasswordHash, SignInLink, TokenHash},
    tenancy::{ApiKey, Identity, Organisation, User},
};
use protocol::{ApiKeyId, OrgId, Timestamp, UserId};

use crate::{
    StoreError,
    idempotency::{IdempotencyEntry, Written},
};

pub use accounts::{Accounts, Completed};
pub use identities::{Identities, Linked, NewPlace, Said, Unlinked};
pub use keys::{KeyChange, Keys};
pub use organisations::{Acceptance, MemberChange, NewOrganisation, Organisations, Settled, Transfer};

/// Keeps who exists, which keys they hold and where they are signed in. Keys, links and the tokens of browser
/// sessions are stored as SHA-256 hashes only.
#[async_trait]
pub trait IdentityStore: Accounts + Identities + Keys + Organisations + Send + Sync {
    /// Makes sure that a user with this address and an organisation with this slug exist and that the user is
    /// its owner; `user` and `organisation` are used for what is missing. Answers what is there now. `Invalid`, and
    /// nothing written, while an organisation with this slug is being erased.
    async fn ensure_owner(
        &self,
        user: User,
        organisation: Organisation,
    ) -> Result<(User, Organisation), StoreError>;

    async fn lookup_user(&self, id: UserId) -> Result<Option<User>, StoreError>;
    async fn lookup_organisation(&self, id: OrgId) -> Result<Option<Organisation>, StoreError>;

    async fn add_api_key(
        &self,
        key: ApiKey,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;

    /// The key with this hash together with its user, organisation and role. Revoked and expired keys are
    /// returned too; the caller decides.
    async fn find_api_key(&self, hash: &[u8; 32]) -> Result<Option<Identity>, StoreError>;

    /// Keys of an organisation, newest first.
    async fn list_api_keys(&self, org: OrgId) -> Result<Vec<ApiKey>, StoreError>;

    /// `Refused` when the organisation has no such key. Revoking twice is fine; the first time stays.
    async fn revoke_api_key(
        &self,
        org: OrgId,
        id: ApiKeyId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;

    /// Notes the last use; may be coarse (once a minute) and is never awaited by a request.
    async fn touch_api_key(&self, id: ApiKeyId, at: Timestamp) -> Result<(), StoreError>;

    /// The user with this address (lower case) and their password, if they have one.
    async fn find_user(&self, email: &str) -> Result<Option<(User, Option<PasswordHash>)>, StoreError>;

    /// A user's password, if there is such a user and they have one.
    async fn password_of(&self, user: UserId) -> Result<Option<PasswordHash>, StoreError>;

    /// Sets a user's password and ends their browser sessions but `keep`, in one commit. `Refused` when there is no
    /// such user.
    async fn set_password(
        &self,
        user: UserId,
        password: PasswordHash,
        keep: Option<TokenHash>,
    ) -> Result<Written, StoreError>;

    /// Organisations of a user, oldest first.
    async fn list_memberships(&self, user: UserId) -> Result<Vec<Membership>, StoreError>;

    /// Opens a browser session for a user whose password is still `verified`; else `Refused`. Sessions that are over
    /// at its `created_at` go, and of more than `MOST_SESSIONS` of this user those unused for longest.
    async fn open_browser_session(
        &self,
        session: BrowserSession,
        verified: PasswordHash,
    ) -> Result<Written, StoreError>;

    async fn add_sign_in_link(&self, link: SignInLink) -> Result<(), StoreError>;

    /// Uses a link up and opens a browser session for whom it stands, in one commit: never one without the other. The
    /// session's user and organisation are the link's, whatever `session` says; its `created_at` is the time at which
    /// the link must not have expired. `None` when there is no such link (any more), or its user is gone. Makes room
    /// as [`IdentityStore::open_browser_session`].
    async fn redeem_sign_in_link(
        &self,
        link: TokenHash,
        session: BrowserSession,
    ) -> Result<Option<BrowserSession>, StoreError>;

    /// The browser session with this hash together with its user and where they are a member now. Those that are
    /// over by their age may be returned too; the caller decides.
    async fn find_browser_session(&self, hash: TokenHash) -> Result<Option<BrowserIdentity>, StoreError>;

    /// The browser session is gone. A second time is fine.
    async fn end_browser_session(&self, hash: TokenHash) -> Result<(), StoreError>;

    /// Notes the last use; may be coarse and is never awaited by a request. It never goes back.
    async fn touch_browser_session(&self, hash: TokenHash, at: Timestamp) -> Result<(), StoreError>;
}
