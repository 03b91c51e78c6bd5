//! Users, organisations, memberships and API keys.

use async_trait::async_trait;
use domain::tenancy::{ApiKey, Identity, Organisation, User};
use protocol::{ApiKeyId, OrgId, Timestamp, UserId};

use crate::{
    StoreError,
    idempotency::{IdempotencyEntry, Written},
};

/// Keeps who exists and which keys they hold. Keys are stored as SHA-256 hashes only.
#[async_trait]
pub trait IdentityStore: Send + Sync {
    /// Makes sure that a user with this address and an organisation with this slug exist and that the user is
    /// its owner; `user` and `organisation` are used for what is missing. Answers what is there now.
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
}
