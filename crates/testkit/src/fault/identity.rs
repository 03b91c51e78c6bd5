//! Faults of the identity store.

use async_trait::async_trait;
use domain::tenancy::{ApiKey, Identity, Organisation, User};
use ports::{
    IdentityStore, StoreError,
    idempotency::{IdempotencyEntry, Written},
};
use protocol::{ApiKeyId, OrgId, Timestamp, UserId};

use super::{Fault, strike, unavailable, unknown};

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "read_unavailable",
        injects: "nobody can be looked up",
        outcome: "requests fail closed as unavailable: not let in, and not told that a key is wrong",
    },
    Fault {
        name: "write_unavailable",
        injects: "nothing can be written",
        outcome: "the mutation fails as unavailable; nothing of it is kept",
    },
    Fault {
        name: "write_full",
        injects: "no room to write",
        outcome: "the mutation fails with a stated cause; no key is shown that was not stored",
    },
    Fault {
        name: "add_api_key_unknown_written",
        injects: "the key is stored but the answer is lost",
        outcome: "repeating with the same idempotency key adds no second key",
    },
    Fault {
        name: "touch_unavailable",
        injects: "the last use cannot be noted",
        outcome: "the request that used the key is served all the same",
    },
];

super::decorator!("identity", ports::IdentityStore);

#[async_trait]
impl IdentityStore for Faulty {
    async fn ensure_owner(
        &self,
        user: User,
        organisation: Organisation,
    ) -> Result<(User, Organisation), StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.ensure_owner(user, organisation).await
    }

    async fn lookup_user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.lookup_user(id).await
    }

    async fn lookup_organisation(&self, id: OrgId) -> Result<Option<Organisation>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.lookup_organisation(id).await
    }

    async fn add_api_key(
        &self,
        key: ApiKey,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        let written = self.inner.add_api_key(key, idempotency).await?;
        strike!(self, "add_api_key_unknown_written", unknown());
        Ok(written)
    }

    async fn find_api_key(&self, hash: &[u8; 32]) -> Result<Option<Identity>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.find_api_key(hash).await
    }

    async fn list_api_keys(&self, org: OrgId) -> Result<Vec<ApiKey>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.list_api_keys(org).await
    }

    async fn revoke_api_key(
        &self,
        org: OrgId,
        id: ApiKeyId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.revoke_api_key(org, id, at, idempotency).await
    }

    async fn touch_api_key(&self, id: ApiKeyId, at: Timestamp) -> Result<(), StoreError> {
        strike!(self, "touch_unavailable", unavailable());
        self.inner.touch_api_key(id, at).await
    }
}
