//! Faults around API keys and service accounts; they are named in the catalogue of the identity store.

use async_trait::async_trait;
use domain::tenancy::{ApiKey, ServiceAccount};
use ports::{
    StoreError,
    idempotency::{IdempotencyEntry, Written},
    identity::{KeyChange, Keys},
};
use protocol::{ApiKeyId, OrgId, Timestamp, UserId};

use super::{
    super::{strike, unavailable, unknown},
    Faulty,
};

#[async_trait]
impl Keys for Faulty {
    async fn lookup_api_key(&self, org: OrgId, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.lookup_api_key(org, id).await
    }

    async fn list_api_keys_of(&self, org: OrgId, user: UserId) -> Result<Vec<ApiKey>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.list_api_keys_of(org, user).await
    }

    async fn update_api_key(
        &self,
        org: OrgId,
        id: ApiKeyId,
        change: KeyChange,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.update_api_key(org, id, change, idempotency).await
    }

    async fn rotate_api_key(
        &self,
        new: ApiKey,
        old_ends: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        let written = self.inner.rotate_api_key(new, old_ends, idempotency).await?;
        strike!(self, "rotate_unknown_written", unknown());
        Ok(written)
    }

    async fn add_service_account(
        &self,
        account: ServiceAccount,
        most: u64,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.add_service_account(account, most, idempotency).await
    }

    async fn list_service_accounts(&self, org: OrgId) -> Result<Vec<ServiceAccount>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.list_service_accounts(org).await
    }

    async fn update_service_account(
        &self,
        account: ServiceAccount,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.update_service_account(account, idempotency).await
    }

    async fn remove_service_account(
        &self,
        org: OrgId,
        id: UserId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.remove_service_account(org, id, at, idempotency).await
    }

    async fn count_members(&self, org: OrgId) -> Result<u64, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.count_members(org).await
    }
}
