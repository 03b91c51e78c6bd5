//! API keys and service accounts, in memory.

use async_trait::async_trait;
use domain::tenancy::{ApiKey, ServiceAccount, User};
use ports::{
    StoreError,
    idempotency::{IdempotencyEntry, Written},
    identity::{KeyChange, Keys},
};
use protocol::{ApiKeyId, OrgId, Timestamp, UserId};

use super::{MemoryIdentity, State, lock};

impl State {
    /// One write with its key; `write` says whether it could.
    fn once(
        &mut self,
        idempotency: Option<IdempotencyEntry>,
        write: impl FnOnce(&mut Self) -> bool,
    ) -> Result<Written, StoreError> {
        if let Some(earlier) = self.idempotency.check(idempotency.as_ref()) {
            return Ok(earlier);
        }
        if !write(self) {
            return Ok(Written::Refused);
        }
        self.idempotency.remember(idempotency);
        Ok(Written::Done)
    }

    /// Those that are members still; the others were removed.
    fn accounts(&self, org: OrgId) -> Vec<ServiceAccount> {
        let of_org = self.services.values().rev().filter(|account| account.org == org);
        of_org
            .filter_map(|account| {
                Some(ServiceAccount {
                    role: *self.members.get(&(org, account.id))?,
                    ..account.clone()
                })
            })
            .collect()
    }

    fn has_account(&self, org: OrgId, id: UserId) -> bool {
        self.accounts(org).iter().any(|account| account.id == id)
    }
}

#[async_trait]
impl Keys for MemoryIdentity {
    async fn lookup_api_key(&self, org: OrgId, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        let state = lock(&self.0);
        Ok(state.keys.get(&id).filter(|key| key.org == org).cloned())
    }

    async fn list_api_keys_of(&self, org: OrgId, user: UserId) -> Result<Vec<ApiKey>, StoreError> {
        let state = lock(&self.0);
        let own = state.keys.values().rev();
        Ok(own
            .filter(|key| key.org == org && key.user == user)
            .cloned()
            .collect())
    }

    async fn update_api_key(
        &self,
        org: OrgId,
        id: ApiKeyId,
        change: KeyChange,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        lock(&self.0).once(idempotency, |state| {
            let found = state.keys.get_mut(&id);
            let Some(key) = found.filter(|key| key.org == org && key.revoked_at.is_none()) else {
                return false;
            };
            key.name = change.name;
            key.scopes = change.scopes;
            key.rate_per_s = change.rate_per_s;
            true
        })
    }

    async fn rotate_api_key(
        &self,
        new: ApiKey,
        old_ends: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        lock(&self.0).once(idempotency, |state| {
            let old = new.replaces.and_then(|id| state.keys.get_mut(&id));
            let Some(old) = old.filter(|old| {
                old.org == new.org
                    && old.user == new.user
                    && old.replaced_by.is_none()
                    && old.is_valid(new.created_at)
            }) else {
                return false;
            };
            old.replaced_by = Some(new.id);
            old.expires_at = Some(old.expires_at.map_or(old_ends, |end| end.min(old_ends)));
            state.keys.insert(new.id, new);
            true
        })
    }

    async fn add_service_account(
        &self,
        account: ServiceAccount,
        most: u64,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        lock(&self.0).once(idempotency, |state| {
            let taken = state.users.contains_key(&account.id);
            let full = state.accounts(account.org).len() as u64 >= most;
            if taken || full || !state.organisations.contains_key(&account.org) {
                return false;
            }
            let user = User {
                id: account.id,
                email: account.address(),
                created_at: account.created_at,
            };
            state.users.insert(user.id, user);
            state.members.insert((account.org, account.id), account.role);
            state.services.insert(account.id, account);
            true
        })
    }

    async fn list_service_accounts(&self, org: OrgId) -> Result<Vec<ServiceAccount>, StoreError> {
        Ok(lock(&self.0).accounts(org))
    }

    async fn update_service_account(
        &self,
        account: ServiceAccount,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        lock(&self.0).once(idempotency, |state| {
            if !state.has_account(account.org, account.id) {
                return false;
            }
            state.members.insert((account.org, account.id), account.role);
            if let Some(known) = state.services.get_mut(&account.id) {
                known.name = account.name;
            }
            true
        })
    }

    async fn remove_service_account(
        &self,
        org: OrgId,
        id: UserId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        lock(&self.0).once(idempotency, |state| {
            if !state.has_account(org, id) {
                return false;
            }
            state.members.remove(&(org, id));
            for key in state.keys.values_mut().filter(|key| key.user == id) {
                key.revoked_at.get_or_insert(at);
            }
            true
        })
    }

    async fn count_members(&self, org: OrgId) -> Result<u64, StoreError> {
        let state = lock(&self.0);
        Ok(state.members.keys().filter(|(of, _)| *of == org).count() as u64)
    }
}
