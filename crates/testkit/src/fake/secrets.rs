//! Environment secrets, in memory, beside the environments that they go with.

use async_trait::async_trait;
use domain::{
    sealed::Sealed,
    secret::{EnvironmentSecret, check_room},
};
use ports::{
    SecretStore, StoreError,
    idempotency::{IdempotencyEntry, Written},
    secrets::{OldSealed, SecretWritten},
};
use protocol::{OrgId, SecretId, api::SecretScope};

use super::{
    lock,
    tenants::{MemoryTenants, State},
};

impl State {
    fn room(&self, secret: &EnvironmentSecret) -> Result<(), domain::secret::Unfit> {
        let others = self
            .secrets
            .values()
            .filter(|other| other.id != secret.id && other.org == secret.org && other.scope == secret.scope);
        let (count, bytes) = others.fold((0, 0), |(count, bytes), other| (count + 1, bytes + other.size));
        check_room(count, bytes, secret.size)
    }

    fn put_secret(
        &mut self,
        entry: Option<IdempotencyEntry>,
        secret: EnvironmentSecret,
        may: impl FnOnce(&Self, &EnvironmentSecret) -> bool,
    ) -> SecretWritten {
        if let Some(earlier) = self.idempotency.check(entry.as_ref()) {
            return SecretWritten::Written(earlier);
        }
        if !may(self, &secret) {
            return SecretWritten::Written(Written::Refused);
        }
        if let Err(unfit) = self.room(&secret) {
            return SecretWritten::Full(unfit);
        }
        self.secrets.insert(secret.id, secret);
        self.idempotency.remember(entry);
        SecretWritten::Written(Written::Done)
    }
}

#[async_trait]
impl SecretStore for MemoryTenants {
    async fn add_secret(
        &self,
        secret: EnvironmentSecret,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<SecretWritten, StoreError> {
        Ok(lock(&self.0).put_secret(idempotency, secret, |state, secret| {
            let taken = state.secrets.values().any(|other| {
                other.id == secret.id
                    || (other.org == secret.org && other.scope == secret.scope && other.name == secret.name)
            });
            let there = match secret.scope {
                SecretScope::Organisation => true,
                SecretScope::EnvironmentId(id) => state
                    .environments
                    .get(&id)
                    .is_some_and(|row| row.org == secret.org),
            };
            !taken && there
        }))
    }

    async fn update_secret(
        &self,
        secret: EnvironmentSecret,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<SecretWritten, StoreError> {
        Ok(lock(&self.0).put_secret(idempotency, secret, |state, secret| {
            state
                .secrets
                .get(&secret.id)
                .is_some_and(|row| row.org == secret.org)
        }))
    }

    async fn delete_secret(
        &self,
        org: OrgId,
        id: SecretId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        Ok(lock(&self.0).write(idempotency, |state| {
            let there = state.secrets.get(&id).is_some_and(|row| row.org == org);
            if there {
                state.secrets.remove(&id);
            }
            there
        }))
    }

    async fn lookup_secret(&self, org: OrgId, id: SecretId) -> Result<Option<EnvironmentSecret>, StoreError> {
        let state = lock(&self.0);
        Ok(state.secrets.get(&id).filter(|row| row.org == org).cloned())
    }

    async fn list_secrets(&self, org: OrgId) -> Result<Vec<EnvironmentSecret>, StoreError> {
        let state = lock(&self.0);
        Ok(state
            .secrets
            .values()
            .rev()
            .filter(|row| row.org == org)
            .cloned()
            .collect())
    }

    async fn old_sealed(&self, most: usize) -> Result<Vec<OldSealed>, StoreError> {
        let state = lock(&self.0);
        let old = state.providers.values().filter(|row| row.sealed_key.version < 2);
        let old = old.map(|row| OldSealed {
            org: row.org,
            provider: row.id,
            sealed: row.sealed_key.clone(),
        });
        Ok(old.take(most).collect())
    }

    async fn count_old_sealed(&self) -> Result<u64, StoreError> {
        Ok(self.old_sealed(usize::MAX).await?.len() as u64)
    }

    async fn reseal(&self, old: OldSealed, sealed: Sealed) -> Result<bool, StoreError> {
        let mut state = lock(&self.0);
        let row = state.providers.get_mut(&old.provider);
        match row.filter(|row| row.org == old.org && row.sealed_key == old.sealed) {
            Some(row) => {
                row.sealed_key = sealed;
                Ok(true)
            }
            None => Ok(false),
        }
    }
}
