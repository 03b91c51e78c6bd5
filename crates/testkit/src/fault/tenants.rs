//! Faults of the tenants' configuration.

use async_trait::async_trait;
use domain::{environment_definition::EnvironmentDefinition, models::ModelProvider};
use ports::{
    StoreError, TenantStore,
    idempotency::{IdempotencyEntry, Written},
};
use protocol::{EnvironmentId, ModelProviderId, OrgId};

use super::{Fault, strike, unavailable, unknown};

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "read_unavailable",
        injects: "configuration cannot be read",
        outcome: "requests fail as unavailable; a model is not said to be missing",
    },
    Fault {
        name: "write_unavailable",
        injects: "nothing can be written",
        outcome: "the mutation fails as unavailable; nothing of it is kept",
    },
    Fault {
        name: "write_full",
        injects: "no room to write",
        outcome: "the mutation fails with a stated cause",
    },
    Fault {
        name: "write_unknown_written",
        injects: "the write happened but the answer is lost",
        outcome: "repeating with the same idempotency key gives the first reply",
    },
];

super::decorator!("tenants", ports::TenantStore);

impl Faulty {
    pub(super) fn inner(&self) -> &dyn TenantStore {
        &*self.inner
    }

    /// Around every write: fails before it, or after it.
    pub(super) async fn write<T>(
        &self,
        write: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        let written = write.await?;
        strike!(self, "write_unknown_written", unknown());
        Ok(written)
    }

    pub(super) async fn read<T>(
        &self,
        read: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        read.await
    }
}

#[async_trait]
impl TenantStore for Faulty {
    async fn add_model_provider(
        &self,
        provider: ModelProvider,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.write(self.inner.add_model_provider(provider, idempotency))
            .await
    }

    async fn lookup_model_provider(
        &self,
        org: OrgId,
        id: ModelProviderId,
    ) -> Result<Option<ModelProvider>, StoreError> {
        self.read(self.inner.lookup_model_provider(org, id)).await
    }

    async fn find_model_provider(&self, org: OrgId, slug: &str) -> Result<Option<ModelProvider>, StoreError> {
        self.read(self.inner.find_model_provider(org, slug)).await
    }

    async fn list_model_providers(&self, org: OrgId) -> Result<Vec<ModelProvider>, StoreError> {
        self.read(self.inner.list_model_providers(org)).await
    }

    async fn update_model_provider(
        &self,
        provider: ModelProvider,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.write(self.inner.update_model_provider(provider, idempotency))
            .await
    }

    async fn delete_model_provider(
        &self,
        org: OrgId,
        id: ModelProviderId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.write(self.inner.delete_model_provider(org, id, idempotency))
            .await
    }

    async fn add_environment(
        &self,
        environment: EnvironmentDefinition,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.write(self.inner.add_environment(environment, idempotency))
            .await
    }

    async fn lookup_environment(
        &self,
        org: OrgId,
        id: EnvironmentId,
    ) -> Result<Option<EnvironmentDefinition>, StoreError> {
        self.read(self.inner.lookup_environment(org, id)).await
    }

    async fn list_environments(&self, org: OrgId) -> Result<Vec<EnvironmentDefinition>, StoreError> {
        self.read(self.inner.list_environments(org)).await
    }

    async fn update_environment(
        &self,
        environment: EnvironmentDefinition,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.write(self.inner.update_environment(environment, idempotency))
            .await
    }

    async fn delete_environment(
        &self,
        org: OrgId,
        id: EnvironmentId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.write(self.inner.delete_environment(org, id, idempotency))
            .await
    }
}
