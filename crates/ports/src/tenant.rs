//! What an organisation configures: model providers, environments, and their secrets.

use async_trait::async_trait;
use domain::{environment_definition::EnvironmentDefinition, models::ModelProvider};
use protocol::{EnvironmentId, ModelProviderId, OrgId};

use crate::{
    SecretStore, StoreError,
    idempotency::{IdempotencyEntry, Written},
};

/// Keeps the configuration of tenants. Every call names the organisation; rows of another are absent.
#[async_trait]
pub trait TenantStore: SecretStore {
    /// `Refused` when the organisation has a provider of this slug already.
    async fn add_model_provider(
        &self,
        provider: ModelProvider,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;
    async fn lookup_model_provider(
        &self,
        org: OrgId,
        id: ModelProviderId,
    ) -> Result<Option<ModelProvider>, StoreError>;
    async fn find_model_provider(&self, org: OrgId, slug: &str) -> Result<Option<ModelProvider>, StoreError>;
    async fn list_model_providers(&self, org: OrgId) -> Result<Vec<ModelProvider>, StoreError>;
    /// Replaces the row of the same id and organisation; `Refused` when there is none.
    async fn update_model_provider(
        &self,
        provider: ModelProvider,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;
    /// `Refused` when there is none; a repeat with the same key is answered after the row is gone.
    async fn delete_model_provider(
        &self,
        org: OrgId,
        id: ModelProviderId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;

    async fn add_environment(
        &self,
        environment: EnvironmentDefinition,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;
    async fn lookup_environment(
        &self,
        org: OrgId,
        id: EnvironmentId,
    ) -> Result<Option<EnvironmentDefinition>, StoreError>;
    async fn list_environments(&self, org: OrgId) -> Result<Vec<EnvironmentDefinition>, StoreError>;
    async fn update_environment(
        &self,
        environment: EnvironmentDefinition,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;
    /// With its secrets. `Refused` when there is none; a repeat with the same key is answered after the row is gone.
    async fn delete_environment(
        &self,
        org: OrgId,
        id: EnvironmentId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;
}
