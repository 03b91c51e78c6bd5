//! API keys and the accounts of machines, beyond what signing in needs.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::tenancy::{ApiKey, Scope, ServiceAccount};
use protocol::{ApiKeyId, OrgId, Timestamp, UserId};

use crate::{
    StoreError,
    idempotency::{IdempotencyEntry, Written},
};

/// What can be changed of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChange {
    pub name: String,
    pub scopes: BTreeSet<Scope>,
    pub rate_per_s: Option<u32>,
}

/// Keeps keys and service accounts. Every call names the organisation; rows of another are absent.
#[async_trait]
pub trait Keys: Send + Sync {
    async fn lookup_api_key(&self, org: OrgId, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError>;

    /// Keys of one user in an organisation, newest first.
    async fn list_api_keys_of(&self, org: OrgId, user: UserId) -> Result<Vec<ApiKey>, StoreError>;

    /// `Refused` when there is no such key, or it is revoked.
    async fn update_api_key(
        &self,
        org: OrgId,
        id: ApiKeyId,
        change: KeyChange,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;

    /// Adds `new` in the place of the key that it `replaces`, which from then on names it and ends at `old_ends` or
    /// when it would have ended anyway, whichever comes first: all of it or nothing, in one commit. `Refused` when the
    /// old key is not there, opens nothing at `new.created_at`, has been replaced already, or belongs to somebody else
    /// than the new one; of many at once one succeeds.
    async fn rotate_api_key(
        &self,
        new: ApiKey,
        old_ends: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;

    /// A user of the kind that cannot sign in, with a role in its one organisation. `Refused` when the organisation is
    /// not there, the id is taken, or it has `most` of them.
    async fn add_service_account(
        &self,
        account: ServiceAccount,
        most: u64,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;

    /// Service accounts of an organisation, newest first.
    async fn list_service_accounts(&self, org: OrgId) -> Result<Vec<ServiceAccount>, StoreError>;

    /// Sets name and role of the account with this id and organisation; `Refused` when there is none.
    async fn update_service_account(
        &self,
        account: ServiceAccount,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;

    /// The account is a member no more and its keys are revoked at `at`, in one commit. What it made stays.
    /// `Refused` when there is none; a repeat with the same key is answered after it is gone.
    async fn remove_service_account(
        &self,
        org: OrgId,
        id: UserId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;

    /// How many people and service accounts belong to the organisation.
    async fn count_members(&self, org: OrgId) -> Result<u64, StoreError>;
}
