//! Model providers and environments: the port on top of the rows.

use async_trait::async_trait;
use domain::{environment_definition::EnvironmentDefinition, models::ModelProvider};
use ports::{
    StoreError, TenantStore,
    idempotency::{IdempotencyEntry, Written},
};
use protocol::{EnvironmentId, ModelProviderId, OrgId};

use crate::{database::Database, environment, idempotency::once, provider};

#[async_trait]
impl TenantStore for Database {
    async fn add_model_provider(
        &self,
        row: ModelProvider,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |write| once(write, idempotency.as_ref(), |write| provider::add(write, &row)))
            .await
    }

    async fn lookup_model_provider(
        &self,
        org: OrgId,
        id: ModelProviderId,
    ) -> Result<Option<ModelProvider>, StoreError> {
        self.0.read(move |read| provider::lookup(read, org, id)).await
    }

    async fn find_model_provider(&self, org: OrgId, slug: &str) -> Result<Option<ModelProvider>, StoreError> {
        let slug = slug.to_owned();
        self.0.read(move |read| provider::find(read, org, &slug)).await
    }

    async fn list_model_providers(&self, org: OrgId) -> Result<Vec<ModelProvider>, StoreError> {
        self.0.read(move |read| provider::list(read, org)).await
    }

    async fn update_model_provider(
        &self,
        row: ModelProvider,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |write| once(write, idempotency.as_ref(), |write| provider::update(write, &row)))
            .await
    }

    async fn delete_model_provider(
        &self,
        org: OrgId,
        id: ModelProviderId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |write| {
                once(write, idempotency.as_ref(), |write| {
                    provider::delete(write, org, id)
                })
            })
            .await
    }

    async fn add_environment(
        &self,
        row: EnvironmentDefinition,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |write| once(write, idempotency.as_ref(), |write| environment::add(write, &row)))
            .await
    }

    async fn lookup_environment(
        &self,
        org: OrgId,
        id: EnvironmentId,
    ) -> Result<Option<EnvironmentDefinition>, StoreError> {
        self.0.read(move |read| environment::lookup(read, org, id)).await
    }

    async fn list_environments(&self, org: OrgId) -> Result<Vec<EnvironmentDefinition>, StoreError> {
        self.0.read(move |read| environment::list(read, org)).await
    }

    async fn update_environment(
        &self,
        row: EnvironmentDefinition,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |write| {
                once(write, idempotency.as_ref(), |write| {
                    environment::update(write, &row)
                })
            })
            .await
    }

    async fn delete_environment(
        &self,
        org: OrgId,
        id: EnvironmentId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |write| {
                once(write, idempotency.as_ref(), |write| {
                    environment::delete(write, org, id)
                })
            })
            .await
    }
}
