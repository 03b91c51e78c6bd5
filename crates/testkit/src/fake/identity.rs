//! Users, organisations, memberships and keys, in memory.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Mutex,
};

use async_trait::async_trait;
use domain::tenancy::{ApiKey, Identity, Organisation, Role, User};
use ports::{
    IdentityStore, StoreError,
    idempotency::{IdempotencyEntry, Written},
};
use protocol::{ApiKeyId, OrgId, Timestamp, UserId};

use super::{idempotency::Keys, lock};

/// The fake of this port.
pub type Fake = MemoryIdentity;

/// Keeps everything in maps.
#[derive(Debug, Default)]
pub struct MemoryIdentity(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    users: HashMap<UserId, User>,
    organisations: HashMap<OrgId, Organisation>,
    members: HashMap<(OrgId, UserId), Role>,
    keys: BTreeMap<ApiKeyId, ApiKey>,
    idempotency: Keys,
}

impl MemoryIdentity {
    /// Sets or (with `None`) ends a membership.
    pub fn set_role(&self, org: OrgId, user: UserId, role: Option<Role>) {
        let mut state = lock(&self.0);
        match role {
            Some(role) => state.members.insert((org, user), role),
            None => state.members.remove(&(org, user)),
        };
    }
}

#[async_trait]
impl IdentityStore for MemoryIdentity {
    async fn ensure_owner(
        &self,
        user: User,
        organisation: Organisation,
    ) -> Result<(User, Organisation), StoreError> {
        let mut state = lock(&self.0);
        let user = state
            .users
            .values()
            .find(|known| known.email == user.email)
            .cloned()
            .unwrap_or(user);
        let organisation = state
            .organisations
            .values()
            .find(|known| known.slug == organisation.slug)
            .cloned()
            .unwrap_or(organisation);
        state.users.insert(user.id, user.clone());
        state.organisations.insert(organisation.id, organisation.clone());
        state.members.insert((organisation.id, user.id), Role::Owner);
        Ok((user, organisation))
    }

    async fn lookup_user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        Ok(lock(&self.0).users.get(&id).cloned())
    }

    async fn lookup_organisation(&self, id: OrgId) -> Result<Option<Organisation>, StoreError> {
        Ok(lock(&self.0).organisations.get(&id).cloned())
    }

    async fn add_api_key(
        &self,
        key: ApiKey,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        let mut state = lock(&self.0);
        if let Some(earlier) = state.idempotency.check(idempotency.as_ref()) {
            return Ok(earlier);
        }
        let taken = state
            .keys
            .values()
            .any(|known| known.id == key.id || known.hash == key.hash);
        if taken || !state.users.contains_key(&key.user) || !state.organisations.contains_key(&key.org) {
            return Ok(Written::Refused);
        }
        state.keys.insert(key.id, key);
        state.idempotency.remember(idempotency);
        Ok(Written::Done)
    }

    async fn find_api_key(&self, hash: &[u8; 32]) -> Result<Option<Identity>, StoreError> {
        let state = lock(&self.0);
        let Some(key) = state.keys.values().find(|key| key.hash == *hash).cloned() else {
            return Ok(None);
        };
        let (Some(user), Some(organisation)) = (
            state.users.get(&key.user).cloned(),
            state.organisations.get(&key.org).cloned(),
        ) else {
            return Ok(None);
        };
        let role = state.members.get(&(key.org, key.user)).copied();
        Ok(Some(Identity {
            key,
            user,
            organisation,
            role,
        }))
    }

    async fn list_api_keys(&self, org: OrgId) -> Result<Vec<ApiKey>, StoreError> {
        Ok(lock(&self.0)
            .keys
            .values()
            .rev()
            .filter(|key| key.org == org)
            .cloned()
            .collect())
    }

    async fn revoke_api_key(
        &self,
        org: OrgId,
        id: ApiKeyId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        let mut state = lock(&self.0);
        if let Some(earlier) = state.idempotency.check(idempotency.as_ref()) {
            return Ok(earlier);
        }
        let Some(key) = state.keys.get_mut(&id).filter(|key| key.org == org) else {
            return Ok(Written::Refused);
        };
        key.revoked_at.get_or_insert(at);
        state.idempotency.remember(idempotency);
        Ok(Written::Done)
    }

    async fn touch_api_key(&self, id: ApiKeyId, at: Timestamp) -> Result<(), StoreError> {
        if let Some(key) = lock(&self.0).keys.get_mut(&id) {
            key.last_used_at = key.last_used_at.max(Some(at));
        }
        Ok(())
    }
}
