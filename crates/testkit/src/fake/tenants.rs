//! Model providers and environments of organisations, in memory.

use std::{collections::BTreeMap, sync::Mutex};

use async_trait::async_trait;
use domain::{
    environment_definition::EnvironmentDefinition, models::ModelProvider, secret::EnvironmentSecret,
};
use ports::{
    StoreError, TenantStore,
    idempotency::{IdempotencyEntry, Written},
};
use protocol::{EnvironmentId, ModelProviderId, OrgId, SecretId, api::SecretScope};

use super::{idempotency::Keys, lock};

/// The fake of this port.
pub type Fake = MemoryTenants;

/// Keeps everything in maps.
#[derive(Debug, Default)]
pub struct MemoryTenants(pub(super) Mutex<State>);

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) providers: BTreeMap<ModelProviderId, ModelProvider>,
    pub(super) environments: BTreeMap<EnvironmentId, EnvironmentDefinition>,
    pub(super) secrets: BTreeMap<SecretId, EnvironmentSecret>,
    pub(super) idempotency: Keys,
}

impl State {
    /// One write with its key: an earlier use of the key decides, else `write` says whether it could.
    pub(super) fn write(
        &mut self,
        entry: Option<IdempotencyEntry>,
        write: impl FnOnce(&mut Self) -> bool,
    ) -> Written {
        if let Some(earlier) = self.idempotency.check(entry.as_ref()) {
            return earlier;
        }
        if !write(self) {
            return Written::Refused;
        }
        self.idempotency.remember(entry);
        Written::Done
    }

    fn slug_is_free(&self, provider: &ModelProvider) -> bool {
        !self
            .providers
            .values()
            .any(|known| known.id != provider.id && known.org == provider.org && known.slug == provider.slug)
    }
}

#[async_trait]
impl TenantStore for MemoryTenants {
    async fn add_model_provider(
        &self,
        provider: ModelProvider,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        Ok(lock(&self.0).write(idempotency, |state| {
            let free = state.slug_is_free(&provider) && !state.providers.contains_key(&provider.id);
            if free {
                state.providers.insert(provider.id, provider);
            }
            free
        }))
    }

    async fn lookup_model_provider(
        &self,
        org: OrgId,
        id: ModelProviderId,
    ) -> Result<Option<ModelProvider>, StoreError> {
        Ok(lock(&self.0)
            .providers
            .get(&id)
            .filter(|row| row.org == org)
            .cloned())
    }

    async fn find_model_provider(&self, org: OrgId, slug: &str) -> Result<Option<ModelProvider>, StoreError> {
        Ok(lock(&self.0)
            .providers
            .values()
            .find(|row| row.org == org && row.slug == slug)
            .cloned())
    }

    async fn list_model_providers(&self, org: OrgId) -> Result<Vec<ModelProvider>, StoreError> {
        Ok(lock(&self.0)
            .providers
            .values()
            .rev()
            .filter(|row| row.org == org)
            .cloned()
            .collect())
    }

    async fn update_model_provider(
        &self,
        provider: ModelProvider,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        Ok(lock(&self.0).write(idempotency, |state| {
            if !state.slug_is_free(&provider) {
                return false;
            }
            match state
                .providers
                .get_mut(&provider.id)
                .filter(|row| row.org == provider.org)
            {
                Some(row) => {
                    *row = provider;
                    true
                }
                None => false,
            }
        }))
    }

    async fn delete_model_provider(
        &self,
        org: OrgId,
        id: ModelProviderId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        Ok(lock(&self.0).write(idempotency, |state| {
            let there = state.providers.get(&id).is_some_and(|row| row.org == org);
            if there {
                state.providers.remove(&id);
            }
            there
        }))
    }

    async fn add_environment(
        &self,
        environment: EnvironmentDefinition,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        Ok(lock(&self.0).write(idempotency, |state| {
            let free = !state.environments.contains_key(&environment.id);
            if free {
                state.environments.insert(environment.id, environment);
            }
            free
        }))
    }

    async fn lookup_environment(
        &self,
        org: OrgId,
        id: EnvironmentId,
    ) -> Result<Option<EnvironmentDefinition>, StoreError> {
        Ok(lock(&self.0)
            .environments
            .get(&id)
            .filter(|row| row.org == org)
            .cloned())
    }

    async fn list_environments(&self, org: OrgId) -> Result<Vec<EnvironmentDefinition>, StoreError> {
        Ok(lock(&self.0)
            .environments
            .values()
            .rev()
            .filter(|row| row.org == org)
            .cloned()
            .collect())
    }

    async fn update_environment(
        &self,
        environment: EnvironmentDefinition,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        Ok(lock(&self.0).write(idempotency, |state| {
            match state
                .environments
                .get_mut(&environment.id)
                .filter(|row| row.org == environment.org)
            {
                Some(row) => {
                    *row = environment;
                    true
                }
                None => false,
            }
        }))
    }

    async fn delete_environment(
        &self,
        org: OrgId,
        id: EnvironmentId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        Ok(lock(&self.0).write(idempotency, |state| {
            let there = state.environments.get(&id).is_some_and(|row| row.org == org);
            if there {
                state.environments.remove(&id);
                let scope = SecretScope::EnvironmentId(id);
                state.secrets.retain(|_, secret| secret.scope != scope);
            }
            there
        }))
    }
}
