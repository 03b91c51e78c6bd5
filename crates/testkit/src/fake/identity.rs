//! Users, organisations, memberships and keys, in memory.

mod accounts;
mod identities;
mod keys;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Mutex,
};

use async_trait::async_trait;
use domain::{
    organisations::Invitation,
    sign_in::{
        BrowserIdentity, BrowserSession, LinkedIdentity, MOST_SESSIONS, Membership, PasswordHash, SignInLink,
        TokenHash,
    },
    tenancy::{ApiKey, Identity, Organisation, Role, ServiceAccount, User},
};
use ports::{
    IdentityStore, StoreError,
    idempotency::{IdempotencyEntry, Written},
};
use protocol::{ApiKeyId, IdentityId, InvitationId, OrgId, Timestamp, UserId};

use super::{idempotency::Keys, lock};

/// The fake of this port.
pub type Fake = MemoryIdentity;

/// Keeps everything in maps.
#[derive(Debug, Default)]
pub struct MemoryIdentity(pub(super) Mutex<State>);

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) users: HashMap<UserId, User>,
    pub(super) organisations: HashMap<OrgId, Organisation>,
    pub(super) members: HashMap<(OrgId, UserId), Role>,
    pub(super) keys: BTreeMap<ApiKeyId, ApiKey>,
    pub(super) passwords: HashMap<UserId, PasswordHash>,
    pub(super) browsers: BTreeMap<TokenHash, BrowserSession>,
    pub(super) links: HashMap<TokenHash, SignInLink>,
    pub(super) services: BTreeMap<UserId, ServiceAccount>,
    pub(super) accounts: accounts::Kept,
    pub(super) identities: HashMap<IdentityId, LinkedIdentity>,
    pub(super) idempotency: Keys,
    pub(super) invitations: BTreeMap<InvitationId, Invitation>,
    /// Who made an organisation.
    pub(super) makers: HashMap<OrgId, UserId>,
    pub(super) erasing: HashSet<OrgId>,
}

impl State {
    fn memberships(&self, user: UserId) -> Vec<Membership> {
        let mut all: Vec<Membership> = self
            .members
            .iter()
            .filter(|((_, member), _)| *member == user)
            .filter_map(|((org, _), role)| {
                Some(Membership {
                    organisation: self.organisations.get(org)?.clone(),
                    role: *role,
                })
            })
            .collect();
        all.sort_by_key(|membership| membership.organisation.id);
        all
    }

    fn open(&mut self, session: BrowserSession) {
        self.browsers
            .retain(|_, known| known.is_valid(session.created_at));
        let user = session.user;
        self.browsers.insert(session.hash, session);
        let mut own: Vec<_> = self
            .browsers
            .values()
            .filter(|known| known.user == user)
            .map(|known| (known.last_seen_at, known.hash))
            .collect();
        own.sort();
        let too_many = own.len().saturating_sub(MOST_SESSIONS);
        for (_, hash) in &own[..too_many] {
            self.browsers.remove(hash);
        }
    }
}

impl MemoryIdentity {
    /// How many browser sessions there are.
    pub fn browsers(&self) -> usize {
        lock(&self.0).browsers.len()
    }

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
        let erased =
            |known: &&Organisation| known.slug == organisation.slug && state.erasing.contains(&known.id);
        if state.organisations.values().find(erased).is_some() {
            return Err(StoreError::Invalid("the organisation is being erased".into()));
        }
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
        let service = state.services.get(&key.user).map(|account| account.name.clone());
        Ok(Some(Identity {
            service,
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

    async fn find_user(&self, email: &str) -> Result<Option<(User, Option<PasswordHash>)>, StoreError> {
        let state = lock(&self.0);
        let user = state
            .users
            .values()
            .find(|user| user.email == email && !state.services.contains_key(&user.id))
            .cloned();
        Ok(user.map(|user| {
            let password = state.passwords.get(&user.id).cloned();
            (user, password)
        }))
    }

    async fn password_of(&self, user: UserId) -> Result<Option<PasswordHash>, StoreError> {
        Ok(lock(&self.0).passwords.get(&user).cloned())
    }

    async fn set_password(
        &self,
        user: UserId,
        password: PasswordHash,
        keep: Option<TokenHash>,
    ) -> Result<Written, StoreError> {
        let mut state = lock(&self.0);
        if !state.users.contains_key(&user) {
            return Ok(Written::Refused);
        }
        state.passwords.insert(user, password);
        state
            .browsers
            .retain(|hash, session| session.user != user || Some(*hash) == keep);
        Ok(Written::Done)
    }

    async fn list_memberships(&self, user: UserId) -> Result<Vec<Membership>, StoreError> {
        Ok(lock(&self.0).memberships(user))
    }

    async fn open_browser_session(
        &self,
        session: BrowserSession,
        verified: PasswordHash,
    ) -> Result<Written, StoreError> {
        let mut state = lock(&self.0);
        if state.passwords.get(&session.user) != Some(&verified) {
            return Ok(Written::Refused);
        }
        state.open(session);
        Ok(Written::Done)
    }

    async fn add_sign_in_link(&self, link: SignInLink) -> Result<(), StoreError> {
        lock(&self.0).links.insert(link.hash, link);
        Ok(())
    }

    async fn redeem_sign_in_link(
        &self,
        link: TokenHash,
        session: BrowserSession,
    ) -> Result<Option<BrowserSession>, StoreError> {
        let mut state = lock(&self.0);
        let known = state
            .links
            .remove(&link)
            .filter(|known| session.created_at < known.expires_at && state.users.contains_key(&known.user));
        Ok(known.map(|known| {
            let session = BrowserSession {
                user: known.user,
                org: Some(known.org),
                ..session
            };
            state.open(session.clone());
            session
        }))
    }

    async fn find_browser_session(&self, hash: TokenHash) -> Result<Option<BrowserIdentity>, StoreError> {
        let state = lock(&self.0);
        let Some(session) = state.browsers.get(&hash).cloned() else {
            return Ok(None);
        };
        let user = state.users.get(&session.user).cloned();
        Ok(user.map(|user| BrowserIdentity {
            memberships: state.memberships(user.id),
            session,
            user,
        }))
    }

    async fn end_browser_session(&self, hash: TokenHash) -> Result<(), StoreError> {
        lock(&self.0).browsers.remove(&hash);
        Ok(())
    }

    async fn touch_browser_session(&self, hash: TokenHash, at: Timestamp) -> Result<(), StoreError> {
        if let Some(session) = lock(&self.0).browsers.get_mut(&hash) {
            session.last_seen_at = session.last_seen_at.max(at);
        }
        Ok(())
    }
}
