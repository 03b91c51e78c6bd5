//! Faults of the identity store where it keeps organisations.

use async_trait::async_trait;
use domain::{
    organisations::{Invitation, Invited, Member},
    sign_in::TokenHash,
    tenancy::Deletion,
};
use ports::{
    Cursor, Page, StoreError,
    idempotency::{IdempotencyEntry, Written},
    identity::{Acceptance, MemberChange, NewOrganisation, Organisations, Settled, Transfer},
};
use protocol::{InvitationId, OrgId, Timestamp, UserId};

use super::{identity::Faulty, strike, unavailable, unknown};

#[async_trait]
impl Organisations for Faulty {
    async fn create_organisation(
        &self,
        new: NewOrganisation,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.create_organisation(new, idempotency).await
    }

    async fn rename_organisation(
        &self,
        org: OrgId,
        name: String,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.rename_organisation(org, name, idempotency).await
    }

    async fn list_members(
        &self,
        org: OrgId,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Member>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.list_members(org, after, limit).await
    }

    async fn find_member(&self, org: OrgId, user: UserId) -> Result<Option<Member>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.find_member(org, user).await
    }

    async fn change_member(
        &self,
        change: MemberChange,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.change_member(change, idempotency).await
    }

    async fn transfer_organisation(
        &self,
        transfer: Transfer,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.transfer_organisation(transfer, idempotency).await
    }

    async fn schedule_deletion(
        &self,
        org: OrgId,
        deletion: Deletion,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.schedule_deletion(org, deletion, idempotency).await
    }

    async fn cancel_deletion(
        &self,
        org: OrgId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.cancel_deletion(org, idempotency).await
    }

    async fn due_deletions(&self, now: Timestamp, limit: usize) -> Result<Vec<OrgId>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.due_deletions(now, limit).await
    }

    async fn begin_erasure(&self, org: OrgId, now: Timestamp) -> Result<bool, StoreError> {
        self.inner.begin_erasure(org, now).await
    }

    async fn finish_erasure(&self, org: OrgId) -> Result<(), StoreError> {
        strike!(self, "erase_unavailable", unavailable());
        self.inner.finish_erasure(org).await
    }

    async fn add_invitation(
        &self,
        invitation: Invitation,
        most: usize,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.add_invitation(invitation, most, idempotency).await
    }

    async fn list_invitations(
        &self,
        org: OrgId,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Invitation>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.list_invitations(org, after, limit).await
    }

    async fn revoke_invitation(
        &self,
        org: OrgId,
        id: InvitationId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.revoke_invitation(org, id, at, idempotency).await
    }

    async fn find_invitation(&self, hash: TokenHash) -> Result<Option<Invited>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.find_invitation(hash).await
    }

    async fn accept_invitation(
        &self,
        hash: TokenHash,
        user: UserId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Acceptance, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        let accepted = self.inner.accept_invitation(hash, user, at, idempotency).await?;
        strike!(self, "accept_unknown_written", unknown());
        Ok(accepted)
    }
}
