//! The port of organisations and members on top of `coordinator.db`.

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

use crate::{
    database::Database,
    error::Failure,
    idempotency::{once, recall, remember},
    invitation, member, organisation,
};

/// One write with its key that can also be settled in another way, with nothing written then.
fn settle(
    transaction: &rusqlite::Transaction<'_>,
    entry: Option<&IdempotencyEntry>,
    write: impl FnOnce(&rusqlite::Transaction<'_>) -> Result<Settled, Failure>,
) -> Result<Settled, Failure> {
    if let Some(earlier) = recall(transaction, entry)? {
        return Ok(Settled::Written(earlier.written));
    }
    let settled = write(transaction)?;
    if settled == Settled::Written(Written::Done) {
        remember(transaction, entry, None)?;
    }
    Ok(settled)
}

#[async_trait]
impl Organisations for Database {
    async fn create_organisation(
        &self,
        new: NewOrganisation,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError> {
        self.0
            .write(move |write| {
                settle(write, idempotency.as_ref(), |write| {
                    organisation::create(write, &new)
                })
            })
            .await
    }

    async fn rename_organisation(
        &self,
        org: OrgId,
        name: String,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |write| {
                once(write, idempotency.as_ref(), |write| {
                    organisation::rename(write, org, &name)
                })
            })
            .await
    }

    async fn list_members(
        &self,
        org: OrgId,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Member>, StoreError> {
        self.0
            .read(move |read| member::list(read, org, after.as_ref(), limit))
            .await
    }

    async fn find_member(&self, org: OrgId, user: UserId) -> Result<Option<Member>, StoreError> {
        self.0.read(move |read| member::find(read, org, user)).await
    }

    async fn change_member(
        &self,
        change: MemberChange,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError> {
        self.0
            .write(move |write| {
                settle(write, idempotency.as_ref(), |write| {
                    member::change(write, &change)
                })
            })
            .await
    }

    async fn transfer_organisation(
        &self,
        transfer: Transfer,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError> {
        self.0
            .write(move |write| {
                settle(write, idempotency.as_ref(), |write| {
                    member::transfer(write, &transfer)
                })
            })
            .await
    }

    async fn schedule_deletion(
        &self,
        org: OrgId,
        deletion: Deletion,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |write| {
                once(write, idempotency.as_ref(), |write| {
                    organisation::schedule(write, org, deletion)
                })
            })
            .await
    }

    async fn cancel_deletion(
        &self,
        org: OrgId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |write| {
                once(write, idempotency.as_ref(), |write| {
                    organisation::cancel(write, org)
                })
            })
            .await
    }

    async fn due_deletions(&self, now: Timestamp, limit: usize) -> Result<Vec<OrgId>, StoreError> {
        self.0.read(move |read| organisation::due(read, now, limit)).await
    }

    async fn begin_erasure(&self, org: OrgId, now: Timestamp) -> Result<bool, StoreError> {
        self.0
            .write(move |write| organisation::begin_erasure(write, org, now))
            .await
    }

    async fn finish_erasure(&self, org: OrgId) -> Result<(), StoreError> {
        self.0
            .write(move |write| organisation::finish_erasure(write, org))
            .await
    }

    async fn add_invitation(
        &self,
        invitation: Invitation,
        most: usize,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError> {
        self.0
            .write(move |write| {
                settle(write, idempotency.as_ref(), |write| {
                    invitation::add(write, &invitation, most)
                })
            })
            .await
    }

    async fn list_invitations(
        &self,
        org: OrgId,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Invitation>, StoreError> {
        self.0
            .read(move |read| invitation::list(read, org, after.as_ref(), limit))
            .await
    }

    async fn revoke_invitation(
        &self,
        org: OrgId,
        id: InvitationId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |write| {
                once(write, idempotency.as_ref(), |write| {
                    invitation::revoke(write, org, id, at)
                })
            })
            .await
    }

    async fn find_invitation(&self, hash: TokenHash) -> Result<Option<Invited>, StoreError> {
        self.0.read(move |read| invitation::find(read, hash)).await
    }

    async fn accept_invitation(
        &self,
        hash: TokenHash,
        user: UserId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Acceptance, StoreError> {
        self.0
            .write(move |write| {
                match recall(write, idempotency.as_ref())?.map(|earlier| earlier.written) {
                    Some(Written::Replayed(reply)) => return Ok(Acceptance::Replayed(reply)),
                    Some(_) => return Ok(Acceptance::Conflict),
                    None => {}
                }
                let accepted = invitation::accept(write, hash, user, at)?;
                if matches!(accepted, Acceptance::Accepted(..)) {
                    remember(write, idempotency.as_ref(), None)?;
                }
                Ok(accepted)
            })
            .await
    }
}
