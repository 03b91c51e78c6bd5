//! Identities at providers, in memory.

use async_trait::async_trait;
use domain::{
    sign_in::{BrowserSession, LinkedIdentity},
    tenancy::{Role, User},
};
use ports::{
    StoreError,
    idempotency::Written,
    identity::{Acceptance, Completed, Identities, Linked, NewPlace, Said, Unlinked},
};
use protocol::{IdentityId, UserId};

use super::{MemoryIdentity, State, lock};

impl State {
    fn identity_of(&self, issuer: &str, subject: &str) -> Option<&LinkedIdentity> {
        self.identities
            .values()
            .find(|known| known.issuer == issuer && known.subject == subject)
    }

    fn identities_of(&self, user: UserId) -> Vec<LinkedIdentity> {
        let mut own: Vec<_> = self
            .identities
            .values()
            .filter(|known| known.user == user)
            .cloned()
            .collect();
        own.sort_by_key(|known| (known.linked_at, known.id));
        own
    }
}

#[async_trait]
impl Identities for MemoryIdentity {
    async fn find_identity(&self, issuer: &str, subject: &str) -> Result<Option<LinkedIdentity>, StoreError> {
        Ok(lock(&self.0).identity_of(issuer, subject).cloned())
    }

    async fn list_identities(&self, user: UserId) -> Result<Vec<LinkedIdentity>, StoreError> {
        Ok(lock(&self.0).identities_of(user))
    }

    async fn link_identity(&self, identity: LinkedIdentity, most: usize) -> Result<Linked, StoreError> {
        let mut state = lock(&self.0);
        if !state.users.contains_key(&identity.user) {
            return Ok(Linked::NoUser);
        }
        if state.identity_of(&identity.issuer, &identity.subject).is_some() {
            return Ok(Linked::Taken);
        }
        if state.identities_of(identity.user).len() >= most {
            return Ok(Linked::TooMany);
        }
        state.identities.insert(identity.id, identity);
        Ok(Linked::Done)
    }

    async fn unlink_identity(&self, user: UserId, id: IdentityId) -> Result<Unlinked, StoreError> {
        let mut state = lock(&self.0);
        let own = state.identities_of(user);
        if !own.iter().any(|known| known.id == id) {
            return Ok(Unlinked::Missing);
        }
        if own.len() == 1 && !state.passwords.contains_key(&user) {
            return Ok(Unlinked::LastWayIn);
        }
        state.identities.remove(&id);
        Ok(Unlinked::Done)
    }

    async fn add_federated_user(
        &self,
        user: User,
        identity: LinkedIdentity,
        place: NewPlace,
    ) -> Result<Completed, StoreError> {
        let mut state = lock(&self.0);
        let taken = state.users.contains_key(&user.id)
            || state.users.values().any(|known| known.email == user.email)
            || state.identity_of(&identity.issuer, &identity.subject).is_some()
            || matches!(&place, NewPlace::Own(new)
                if state.organisations.values().any(|known| known.slug == new.slug));
        if taken {
            return Ok(Completed::Refused);
        }
        match place {
            NewPlace::Own(organisation) => {
                state.members.insert((organisation.id, user.id), Role::Owner);
                state.organisations.insert(organisation.id, organisation);
            }
            NewPlace::Invited(invitation) => {
                let accepted = state.accept(invitation, &user, user.created_at);
                if !matches!(accepted, Acceptance::Accepted(..)) {
                    return Ok(Completed::InvitationOver);
                }
            }
        }
        state.accounts.forget_sign_ups(&user.email);
        state.identities.insert(identity.id, identity);
        state.users.insert(user.id, user);
        Ok(Completed::Done)
    }

    async fn open_federated_session(
        &self,
        session: BrowserSession,
        identity: IdentityId,
        said: Said,
    ) -> Result<Written, StoreError> {
        let mut state = lock(&self.0);
        let known = state.identities.get_mut(&identity);
        let Some(known) = known.filter(|known| known.user == session.user) else {
            return Ok(Written::Refused);
        };
        known.email = said.email;
        known.name = said.name;
        known.last_used_at = Some(session.created_at);
        state.open(session);
        Ok(Written::Done)
    }
}
