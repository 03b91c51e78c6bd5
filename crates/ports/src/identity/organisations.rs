//! Organisations, who belongs to them, and invitations into them.
//!
//! Rules that concern more than one row are kept here, in the transaction that writes: whoever asked first and looked
//! before cannot know what another request does in the same moment.

use async_trait::async_trait;
use domain::{
    organisations::{Invitation, Invited, Member},
    sign_in::TokenHash,
    tenancy::{Deletion, Organisation, Role},
};
use protocol::{InvitationId, OrgId, Timestamp, UserId};

use crate::{
    Cursor, Page, StoreError,
    idempotency::{IdempotencyEntry, Written},
};

/// A new organisation and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrganisation {
    pub organisation: Organisation,
    /// Becomes its owner.
    pub by: UserId,
    /// Most organisations that the same user made and that still exist, with this one.
    pub most: usize,
}

/// A member's role becomes another one, or their membership ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberChange {
    pub org: OrgId,
    pub user: UserId,
    /// The role they had when this was decided.
    pub from: Role,
    /// `None` = no longer a member.
    pub to: Option<Role>,
    /// Who decided it, with the role they had.
    pub by: (UserId, Role),
    pub at: Timestamp,
}

/// An owner makes another member the owner and becomes an admin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    pub org: OrgId,
    pub from: UserId,
    pub to: UserId,
    pub at: Timestamp,
}

/// What became of a write about organisations and members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// `Refused`: what it is about is not there.
    Written(Written),
    /// It would leave the organisation without an owner.
    LastOwner,
    /// The roles by which it was decided are others by now.
    Stale,
    /// The slug belongs to another organisation.
    Taken,
    /// There are as many as there may be.
    TooMany,
}

/// What became of an attempt to accept an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acceptance {
    /// A member now, with this role.
    Accepted(Organisation, Role),
    /// The key was used before with the same body: nothing was written, this was the reply.
    Replayed(String),
    /// The key was used before with another body: nothing was written.
    Conflict,
    /// Unknown, used, revoked, too old, or into an organisation that is going to be deleted.
    Over,
    /// It is for another address.
    OtherAddress,
    /// The user is a member already; the invitation is not used up.
    Member,
}

/// Keeps organisations with their members and invitations. Whatever is written here carries its idempotency key in the
/// same commit.
#[async_trait]
pub trait Organisations: Send + Sync {
    /// Makes an organisation with its owner: `Taken` or `TooMany`; `Refused` when there is no such user.
    async fn create_organisation(
        &self,
        new: NewOrganisation,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError>;

    /// `Refused` when there is no such organisation.
    async fn rename_organisation(
        &self,
        org: OrgId,
        name: String,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;

    /// People who are members, by user id, the newest user first. Service accounts have a list of their own.
    async fn list_members(
        &self,
        org: OrgId,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Member>, StoreError>;

    /// A person who is a member; a service account is none.
    async fn find_member(&self, org: OrgId, user: UserId) -> Result<Option<Member>, StoreError>;

    /// `Stale` unless both roles are still what they were; `LastOwner` when nobody would be left. Where the member may
    /// do less afterwards, their keys of this organisation are revoked in the same commit. `Refused` when they are no
    /// person who is a member.
    async fn change_member(
        &self,
        change: MemberChange,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError>;

    /// Both roles in one commit; the keys of whom it is taken from are revoked with it. `Refused` when the other is no
    /// person who is a member, `Stale` when `from` is no owner (any more).
    async fn transfer_organisation(
        &self,
        transfer: Transfer,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError>;

    /// Asks for the deletion of an organisation. A second time changes nothing: the first date stays. `Refused` when
    /// there is no such organisation.
    async fn schedule_deletion(
        &self,
        org: OrgId,
        deletion: Deletion,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;

    /// Takes it back. `Refused` when there is no such organisation, or its erasure has begun. Fine when nobody asked for
    /// it.
    async fn cancel_deletion(
        &self,
        org: OrgId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;

    /// Organisations whose time of grace is over, or whose erasure has begun, the earliest first.
    async fn due_deletions(&self, now: Timestamp, limit: usize) -> Result<Vec<OrgId>, StoreError>;

    /// From here on there is no way back: in one commit memberships, invitations and keys are gone, so that nobody acts
    /// in this organisation any more. False when its time has not come. A second time is fine.
    async fn begin_erasure(&self, org: OrgId, now: Timestamp) -> Result<bool, StoreError>;

    /// The row itself, its slug, its service accounts and what idempotency keys remember of it. Only after [`Self::begin_erasure`]; a second
    /// time is fine.
    async fn finish_erasure(&self, org: OrgId) -> Result<(), StoreError>;

    /// `TooMany` when `most` others can still be accepted at its `created_at`; those long over go. `Refused` when there
    /// is no such organisation.
    async fn add_invitation(
        &self,
        invitation: Invitation,
        most: usize,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError>;

    /// Invitations of an organisation, newest first; those that are over, too.
    async fn list_invitations(
        &self,
        org: OrgId,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Invitation>, StoreError>;

    /// `Refused` when the organisation has no such invitation, or it was accepted. A second time is fine; the first time
    /// stays.
    async fn revoke_invitation(
        &self,
        org: OrgId,
        id: InvitationId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;

    /// The invitation with this hash, whatever its state, and where it leads.
    async fn find_invitation(&self, hash: TokenHash) -> Result<Option<Invited>, StoreError>;

    /// Uses an invitation up and makes the user a member, in one commit: never one without the other.
    async fn accept_invitation(
        &self,
        hash: TokenHash,
        user: UserId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Acceptance, StoreError>;
}
