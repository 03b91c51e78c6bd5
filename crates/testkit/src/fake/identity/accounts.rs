//! Accounts, in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_trait::async_trait;
use domain::{
    sealed::Sealed,
    sign_in::{
        BrowserSession, MOST_RESETS, MOST_SIGN_UPS, PasswordHash, PendingSignUp, ResetLink, SecondFactor,
        TokenHash,
    },
    tenancy::{Organisation, Role, User},
};
use ports::{
    StoreError,
    idempotency::Written,
    identity::{Acceptance, Accounts, Completed},
};
use protocol::{BrowserId, Timestamp, UserId};

use super::MemoryIdentity;
use crate::fake::lock;

/// What is kept of accounts besides users, passwords and browser sessions.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    sign_ups: BTreeMap<TokenHash, PendingSignUp>,
    resets: BTreeMap<TokenHash, ResetLink>,
    factors: HashMap<UserId, SecondFactor>,
}

impl Kept {
    /// The address belongs to somebody now.
    pub(super) fn forget_sign_ups(&mut self, email: &str) {
        self.sign_ups.retain(|_, known| known.email != email);
    }
}

#[async_trait]
impl Accounts for MemoryIdentity {
    async fn list_browser_sessions(&self, user: UserId) -> Result<Vec<BrowserSession>, StoreError> {
        let state = lock(&self.0);
        let mut own: Vec<BrowserSession> = state
            .browsers
            .values()
            .filter(|session| session.user == user)
            .cloned()
            .collect();
        own.sort_by_key(|session| (session.last_seen_at, session.id));
        own.reverse();
        Ok(own)
    }

    async fn end_own_browser_session(
        &self,
        user: UserId,
        id: BrowserId,
    ) -> Result<Option<TokenHash>, StoreError> {
        let mut state = lock(&self.0);
        let hash = state
            .browsers
            .values()
            .find(|session| session.user == user && session.id == id)
            .map(|session| session.hash);
        if let Some(hash) = hash {
            state.browsers.remove(&hash);
        }
        Ok(hash)
    }

    async fn end_browser_sessions(&self, user: UserId, keep: Option<TokenHash>) -> Result<u64, StoreError> {
        let mut state = lock(&self.0);
        let before = state.browsers.len();
        state
            .browsers
            .retain(|hash, session| session.user != user || Some(*hash) == keep);
        Ok((before - state.browsers.len()) as u64)
    }

    async fn add_sign_up(&self, sign_up: PendingSignUp) -> Result<(), StoreError> {
        let mut state = lock(&self.0);
        let kept = &mut state.accounts.sign_ups;
        kept.retain(|_, known| sign_up.created_at < known.expires_at);
        let email = sign_up.email.clone();
        kept.insert(sign_up.hash, sign_up);
        let mut own: Vec<_> = kept
            .values()
            .filter(|known| known.email == email)
            .map(|known| (known.created_at, known.hash))
            .collect();
        own.sort();
        for (_, hash) in &own[..own.len().saturating_sub(MOST_SIGN_UPS)] {
            kept.remove(hash);
        }
        Ok(())
    }

    async fn find_sign_up(&self, hash: TokenHash) -> Result<Option<PendingSignUp>, StoreError> {
        Ok(lock(&self.0).accounts.sign_ups.get(&hash).cloned())
    }

    async fn complete_sign_up(
        &self,
        hash: TokenHash,
        user: User,
        organisation: Option<Organisation>,
        at: Timestamp,
    ) -> Result<Completed, StoreError> {
        let mut state = lock(&self.0);
        let Some(sign_up) = state.accounts.sign_ups.get(&hash).cloned() else {
            return Ok(Completed::Refused);
        };
        let organisation = organisation.filter(|_| sign_up.invitation.is_none());
        let taken = state.users.values().any(|known| known.email == user.email)
            || organisation
                .as_ref()
                .is_some_and(|new| state.organisations.values().any(|known| known.slug == new.slug));
        if at >= sign_up.expires_at || sign_up.email != user.email || taken {
            return Ok(Completed::Refused);
        }
        if let Some(invitation) = sign_up.invitation {
            let accepted = state.accept(invitation, &user, at);
            if !matches!(accepted, Acceptance::Accepted(..)) {
                return Ok(Completed::InvitationOver);
            }
        }
        state.passwords.insert(user.id, sign_up.password);
        if let Some(organisation) = organisation {
            state.members.insert((organisation.id, user.id), Role::Owner);
            state.organisations.insert(organisation.id, organisation);
        }
        state.accounts.forget_sign_ups(&user.email);
        state.users.insert(user.id, user);
        Ok(Completed::Done)
    }

    async fn add_reset(&self, reset: ResetLink) -> Result<(), StoreError> {
        let mut state = lock(&self.0);
        let kept = &mut state.accounts.resets;
        let user = reset.user;
        kept.insert(reset.hash, reset);
        let mut own: Vec<_> = kept
            .values()
            .filter(|known| known.user == user)
            .map(|known| (known.expires_at, known.hash))
            .collect();
        own.sort();
        for (_, hash) in &own[..own.len().saturating_sub(MOST_RESETS)] {
            kept.remove(hash);
        }
        Ok(())
    }

    async fn find_reset(&self, hash: TokenHash) -> Result<Option<ResetLink>, StoreError> {
        Ok(lock(&self.0).accounts.resets.get(&hash).cloned())
    }

    async fn redeem_reset(
        &self,
        hash: TokenHash,
        password: PasswordHash,
        at: Timestamp,
    ) -> Result<Option<UserId>, StoreError> {
        let mut state = lock(&self.0);
        let Some(reset) = state.accounts.resets.get(&hash).cloned() else {
            return Ok(None);
        };
        if at >= reset.expires_at || !state.users.contains_key(&reset.user) {
            return Ok(None);
        }
        state.accounts.resets.retain(|_, known| known.user != reset.user);
        state.passwords.insert(reset.user, password);
        state.browsers.retain(|_, session| session.user != reset.user);
        Ok(Some(reset.user))
    }

    async fn second_factor(&self, user: UserId) -> Result<Option<SecondFactor>, StoreError> {
        Ok(lock(&self.0).accounts.factors.get(&user).cloned())
    }

    async fn start_second_factor(&self, user: UserId, secret: Sealed) -> Result<Written, StoreError> {
        let mut state = lock(&self.0);
        let confirmed = state
            .accounts
            .factors
            .get(&user)
            .is_some_and(|factor| factor.confirmed_at.is_some());
        if confirmed || !state.users.contains_key(&user) {
            return Ok(Written::Refused);
        }
        let factor = SecondFactor {
            user,
            secret,
            confirmed_at: None,
            last_step: 0,
            recovery: BTreeSet::new(),
        };
        state.accounts.factors.insert(user, factor);
        Ok(Written::Done)
    }

    async fn confirm_second_factor(
        &self,
        user: UserId,
        secret: Sealed,
        step: u64,
        recovery: Vec<TokenHash>,
        at: Timestamp,
    ) -> Result<Written, StoreError> {
        let mut state = lock(&self.0);
        let Some(factor) = state.accounts.factors.get_mut(&user) else {
            return Ok(Written::Refused);
        };
        if factor.confirmed_at.is_some() || factor.secret != secret {
            return Ok(Written::Refused);
        }
        factor.confirmed_at = Some(at);
        factor.last_step = step;
        factor.recovery = recovery.into_iter().collect();
        Ok(Written::Done)
    }

    async fn use_step(&self, user: UserId, step: u64) -> Result<Written, StoreError> {
        let mut state = lock(&self.0);
        match state.accounts.factors.get_mut(&user) {
            Some(factor) if step > factor.last_step => {
                factor.last_step = step;
                Ok(Written::Done)
            }
            _ => Ok(Written::Refused),
        }
    }

    async fn use_recovery_code(&self, user: UserId, code: TokenHash) -> Result<Written, StoreError> {
        let mut state = lock(&self.0);
        let used = state
            .accounts
            .factors
            .get_mut(&user)
            .is_some_and(|factor| factor.recovery.remove(&code));
        Ok(if used { Written::Done } else { Written::Refused })
    }

    async fn remove_second_factor(&self, user: UserId) -> Result<(), StoreError> {
        lock(&self.0).accounts.factors.remove(&user);
        Ok(())
    }
}
