//! Environment secrets behind the faults of the tenants' configuration, of which they are a part.

use async_trait::async_trait;
use domain::{sealed::Sealed, secret::EnvironmentSecret};
use ports::{
    SecretStore, StoreError,
    idempotency::{IdempotencyEntry, Written},
    secrets::{OldSealed, SecretWritten},
};
use protocol::{OrgId, SecretId};

use super::tenants::Faulty;

#[async_trait]
impl SecretStore for Faulty {
    async fn add_secret(
        &self,
        secret: EnvironmentSecret,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<SecretWritten, StoreError> {
        self.write(self.inner().add_secret(secret, idempotency)).await
    }

    async fn update_secret(
        &self,
        secret: EnvironmentSecret,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<SecretWritten, StoreError> {
        self.write(self.inner().update_secret(secret, idempotency)).await
    }

    async fn delete_secret(
        &self,
        org: OrgId,
        id: SecretId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.write(self.inner().delete_secret(org, id, idempotency)).await
    }

    async fn lookup_secret(&self, org: OrgId, id: SecretId) -> Result<Option<EnvironmentSecret>, StoreError> {
        self.read(self.inner().lookup_secret(org, id)).await
    }

    async fn list_secrets(&self, org: OrgId) -> Result<Vec<EnvironmentSecret>, StoreError> {
        self.read(self.inner().list_secrets(org)).await
    }

    async fn old_sealed(&self, most: usize) -> Result<Vec<OldSealed>, StoreError> {
        self.read(self.inner().old_sealed(most)).await
    }

    async fn count_old_sealed(&self) -> Result<u64, StoreError> {
        self.read(self.inner().count_old_sealed()).await
    }

    async fn reseal(&self, old: OldSealed, sealed: Sealed) -> Result<bool, StoreError> {
        self.write(self.inner().reseal(old, sealed)).await
    }
}
