//! Faults of the part about identities at providers; they are named in the catalogue of the identity store.

use async_trait::async_trait;
use domain::{
    sign_in::{BrowserSession, LinkedIdentity},
    tenancy::User,
};
use ports::{
    StoreError,
    idempotency::Written,
    identity::{Completed, Identities, Linked, NewPlace, Said, Unlinked},
};
use protocol::{IdentityId, UserId};

use super::Faulty;
use crate::fault::{strike, unavailable, unknown};

#[async_trait]
impl Identities for Faulty {
    async fn find_identity(&self, issuer: &str, subject: &str) -> Result<Option<LinkedIdentity>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.find_identity(issuer, subject).await
    }

    async fn list_identities(&self, user: UserId) -> Result<Vec<LinkedIdentity>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.list_identities(user).await
    }

    async fn link_identity(&self, identity: LinkedIdentity, most: usize) -> Result<Linked, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.link_identity(identity, most).await
    }

    async fn unlink_identity(&self, user: UserId, id: IdentityId) -> Result<Unlinked, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.unlink_identity(user, id).await
    }

    async fn add_federated_user(
        &self,
        user: User,
        identity: LinkedIdentity,
        place: NewPlace,
    ) -> Result<Completed, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        let completed = self.inner.add_federated_user(user, identity, place).await?;
        strike!(self, "federated_sign_up_unknown_written", unknown());
        Ok(completed)
    }

    async fn open_federated_session(
        &self,
        session: BrowserSession,
        identity: IdentityId,
        said: Said,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.open_federated_session(session, identity, said).await
    }
}
