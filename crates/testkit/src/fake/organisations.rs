//! Organisations, members and invitations, in the memory of the identity store.

use async_trait::async_trait;
use domain::{
    organisations::{
        INVITATION_KEPT, Invitation, InvitationState, Invited, Member, ends_keys, keeps_an_owner,
    },
    sign_in::TokenHash,
    tenancy::{Deletion, Role, User},
};
use ports::{
    Cursor, Page, StoreError,
    idempotency::{IdempotencyEntry, Written},
    identity::{Acceptance, MemberChange, NewOrganisation, Organisations, Settled, Transfer},
};
use protocol::{InvitationId, OrgId, Timestamp, UserId};

use super::{
    identity::{MemoryIdentity, State},
    lock,
};

/// Cuts rows that come newest first into a page.
fn page<T>(rows: impl Iterator<Item = T>, limit: usize, position: impl Fn(&T) -> u128) -> Page<T> {
    let mut items: Vec<T> = rows.take(limit + 1).collect();
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|last| Cursor(position(last)));
    Page { items, next }
}

fn is_after(position: u128, after: Option<&Cursor>) -> bool {
    after.is_none_or(|cursor| position < cursor.0)
}

impl State {
    /// One write with its key.
    fn settle(
        &mut self,
        entry: Option<IdempotencyEntry>,
        write: impl FnOnce(&mut Self) -> Settled,
    ) -> Settled {
        if let Some(earlier) = self.idempotency.check(entry.as_ref()) {
            return Settled::Written(earlier);
        }
        let settled = write(self);
        if settled == Settled::Written(Written::Done) {
            self.idempotency.remember(entry);
        }
        settled
    }

    /// The same for one that finds its row or does not.
    fn write(&mut self, entry: Option<IdempotencyEntry>, write: impl FnOnce(&mut Self) -> bool) -> Written {
        let settled = self.settle(entry, |state| {
            Settled::Written(if write(state) {
                Written::Done
            } else {
                Written::Refused
            })
        });
        match settled {
            Settled::Written(written) => written,
            Settled::LastOwner | Settled::Stale | Settled::Taken | Settled::TooMany => Written::Refused,
        }
    }

    fn set_role(&mut self, (org, user): (OrgId, UserId), from: Role, to: Option<Role>, at: Timestamp) {
        match to {
            Some(role) => self.members.insert((org, user), role),
            None => self.members.remove(&(org, user)),
        };
        if ends_keys(from, to) {
            for key in self.keys.values_mut() {
                if key.org == org && key.user == user {
                    key.revoked_at.get_or_insert(at);
                }
            }
        }
    }

    /// Makes somebody a member by an invitation, or changes nothing.
    pub(super) fn accept(&mut self, hash: TokenHash, who: &User, at: Timestamp) -> Acceptance {
        let found = self.invitations.values().find(|known| known.hash == hash);
        let Some(invitation) = found.cloned() else {
            return Acceptance::Over;
        };
        let organisation = self.organisations.get(&invitation.org).cloned();
        let Some(organisation) = organisation.filter(|known| known.deletion.is_none()) else {
            return Acceptance::Over;
        };
        if invitation.state(at) != InvitationState::Open {
            return Acceptance::Over;
        }
        if !invitation.admits(&who.email) {
            return Acceptance::OtherAddress;
        }
        if self.members.contains_key(&(invitation.org, who.id)) {
            return Acceptance::Member;
        }
        self.members.insert((invitation.org, who.id), invitation.role);
        let role = invitation.role;
        self.invitations.insert(
            invitation.id,
            Invitation {
                accepted: Some((at, who.id)),
                ..invitation
            },
        );
        Acceptance::Accepted(organisation, role)
    }

    /// The role of a person; programs are no members here.
    fn role_of_person(&self, org: OrgId, user: UserId) -> Option<Role> {
        let role = self.members.get(&(org, user)).copied();
        role.filter(|_| !self.services.contains_key(&user))
    }

    fn leave_nobody(&mut self, org: OrgId) {
        self.members.retain(|(of, _), _| *of != org);
        self.keys.retain(|_, key| key.org != org);
        self.links.retain(|_, link| link.org != org);
        self.invitations.retain(|_, invitation| invitation.org != org);
    }
}

#[async_trait]
impl Organisations for MemoryIdentity {
    async fn create_organisation(
        &self,
        new: NewOrganisation,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError> {
        Ok(lock(&self.0).settle(idempotency, |state| {
            if !state.users.contains_key(&new.by) {
                return Settled::Written(Written::Refused);
            }
            if state.makers.values().filter(|by| **by == new.by).count() >= new.most {
                return Settled::TooMany;
            }
            let organisation = new.organisation;
            let taken = |known: &&domain::tenancy::Organisation| {
                known.slug == organisation.slug || known.id == organisation.id
            };
            if state.organisations.values().find(taken).is_some() {
                return Settled::Taken;
            }
            state.makers.insert(organisation.id, new.by);
            state.members.insert((organisation.id, new.by), Role::Owner);
            state.organisations.insert(organisation.id, organisation);
            Settled::Written(Written::Done)
        }))
    }

    async fn rename_organisation(
        &self,
        org: OrgId,
        name: String,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        Ok(lock(&self.0).write(idempotency, |state| {
            let found = state.organisations.get_mut(&org);
            found.map(|organisation| organisation.name = name).is_some()
        }))
    }

    async fn list_members(
        &self,
        org: OrgId,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Member>, StoreError> {
        let state = lock(&self.0);
        let mut members: Vec<Member> = state
            .members
            .iter()
            .filter(|((of, user), _)| *of == org && is_after(user.bits(), after.as_ref()))
            .filter(|((_, user), _)| !state.services.contains_key(user))
            .filter_map(|((_, user), role)| {
                Some(Member {
                    user: state.users.get(user)?.clone(),
                    role: *role,
                })
            })
            .collect();
        members.sort_by_key(|member| std::cmp::Reverse(member.user.id));
        Ok(page(members.into_iter(), limit, |member| member.user.id.bits()))
    }

    async fn find_member(&self, org: OrgId, user: UserId) -> Result<Option<Member>, StoreError> {
        let state = lock(&self.0);
        Ok(state.role_of_person(org, user).and_then(|role| {
            Some(Member {
                user: state.users.get(&user)?.clone(),
                role,
            })
        }))
    }

    async fn change_member(
        &self,
        change: MemberChange,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError> {
        Ok(lock(&self.0).settle(idempotency, |state| {
            let Some(present) = state.role_of_person(change.org, change.user) else {
                return Settled::Written(Written::Refused);
            };
            let (by, by_role) = change.by;
            if present != change.from || state.members.get(&(change.org, by)) != Some(&by_role) {
                return Settled::Stale;
            }
            let owners = state
                .members
                .iter()
                .filter(|((org, _), role)| *org == change.org && **role == Role::Owner)
                .count();
            if !keeps_an_owner(owners, change.from, change.to) {
                return Settled::LastOwner;
            }
            state.set_role((change.org, change.user), change.from, change.to, change.at);
            Settled::Written(Written::Done)
        }))
    }

    async fn transfer_organisation(
        &self,
        transfer: Transfer,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError> {
        Ok(lock(&self.0).settle(idempotency, |state| {
            let org = transfer.org;
            let Some(other) = state.role_of_person(org, transfer.to) else {
                return Settled::Written(Written::Refused);
            };
            if state.members.get(&(org, transfer.from)) != Some(&Role::Owner) {
                return Settled::Stale;
            }
            state.set_role((org, transfer.to), other, Some(Role::Owner), transfer.at);
            state.set_role((org, transfer.from), Role::Owner, Some(Role::Admin), transfer.at);
            Settled::Written(Written::Done)
        }))
    }

    async fn schedule_deletion(
        &self,
        org: OrgId,
        deletion: Deletion,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        Ok(lock(&self.0).write(idempotency, |state| {
            let found = state.organisations.get_mut(&org);
            found
                .map(|organisation| organisation.deletion.get_or_insert(deletion))
                .is_some()
        }))
    }

    async fn cancel_deletion(
        &self,
        org: OrgId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        Ok(lock(&self.0).write(idempotency, |state| {
            if state.erasing.contains(&org) {
                return false;
            }
            let found = state.organisations.get_mut(&org);
            found.map(|organisation| organisation.deletion = None).is_some()
        }))
    }

    async fn due_deletions(&self, now: Timestamp, limit: usize) -> Result<Vec<OrgId>, StoreError> {
        let state = lock(&self.0);
        let mut due: Vec<(Timestamp, OrgId)> = state
            .organisations
            .values()
            .filter_map(|organisation| Some((organisation.deletion?.effective_at, organisation.id)))
            .filter(|(at, id)| *at <= now || state.erasing.contains(id))
            .collect();
        due.sort();
        Ok(due.into_iter().map(|(_, id)| id).take(limit).collect())
    }

    async fn begin_erasure(&self, org: OrgId, now: Timestamp) -> Result<bool, StoreError> {
        let mut state = lock(&self.0);
        let deletion = state.organisations.get(&org).and_then(|known| known.deletion);
        let over = deletion.is_some_and(|deletion| deletion.effective_at <= now);
        if !over && !state.erasing.contains(&org) {
            return Ok(false);
        }
        state.erasing.insert(org);
        state.leave_nobody(org);
        Ok(true)
    }

    async fn finish_erasure(&self, org: OrgId) -> Result<(), StoreError> {
        let mut state = lock(&self.0);
        if !state.erasing.remove(&org) {
            return Ok(());
        }
        state.leave_nobody(org);
        state.idempotency.forget(&format!("{org}/"));
        for session in state.browsers.values_mut() {
            session.org = session.org.filter(|first| *first != org);
        }
        let programs: Vec<UserId> = state
            .services
            .values()
            .filter(|account| account.org == org)
            .map(|account| account.id)
            .collect();
        for id in programs {
            state.services.remove(&id);
            state.users.remove(&id);
        }
        state.makers.remove(&org);
        state.organisations.remove(&org);
        Ok(())
    }

    async fn add_invitation(
        &self,
        invitation: Invitation,
        most: usize,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Settled, StoreError> {
        Ok(lock(&self.0).settle(idempotency, |state| {
            let (org, now) = (invitation.org, invitation.created_at);
            if !state.organisations.contains_key(&org) {
                return Settled::Written(Written::Refused);
            }
            state
                .invitations
                .retain(|_, known| known.org != org || now < known.expires_at.after(INVITATION_KEPT));
            let open = state
                .invitations
                .values()
                .filter(|known| known.org == org && known.state(now) == InvitationState::Open)
                .count();
            if open >= most {
                return Settled::TooMany;
            }
            state.invitations.insert(invitation.id, invitation);
            Settled::Written(Written::Done)
        }))
    }

    async fn list_invitations(
        &self,
        org: OrgId,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Invitation>, StoreError> {
        let state = lock(&self.0);
        let newest_first = state
            .invitations
            .values()
            .rev()
            .filter(|known| known.org == org && is_after(known.id.bits(), after.as_ref()))
            .cloned();
        Ok(page(newest_first, limit, |known| known.id.bits()))
    }

    async fn revoke_invitation(
        &self,
        org: OrgId,
        id: InvitationId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        Ok(lock(&self.0).write(idempotency, |state| {
            let found = state
                .invitations
                .get_mut(&id)
                .filter(|known| known.org == org && known.accepted.is_none());
            found
                .map(|invitation| invitation.revoked_at.get_or_insert(at))
                .is_some()
        }))
    }

    async fn find_invitation(&self, hash: TokenHash) -> Result<Option<Invited>, StoreError> {
        let state = lock(&self.0);
        let found = state.invitations.values().find(|known| known.hash == hash);
        Ok(found.and_then(|invitation| {
            Some(Invited {
                invitation: invitation.clone(),
                organisation: state.organisations.get(&invitation.org)?.clone(),
            })
        }))
    }

    async fn accept_invitation(
        &self,
        hash: TokenHash,
        user: UserId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Acceptance, StoreError> {
        let mut state = lock(&self.0);
        match state.idempotency.check(idempotency.as_ref()) {
            Some(Written::Replayed(reply)) => return Ok(Acceptance::Replayed(reply)),
            Some(_) => return Ok(Acceptance::Conflict),
            None => {}
        }
        let Some(who) = state.users.get(&user).cloned() else {
            return Ok(Acceptance::Over);
        };
        let accepted = state.accept(hash, &who, at);
        if matches!(accepted, Acceptance::Accepted(..)) {
            state.idempotency.remember(idempotency);
        }
        Ok(accepted)
    }
}
