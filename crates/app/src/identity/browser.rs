//! A cookie becomes a browser session, and that an actor in one of its user's organisations.

use std::{net::IpAddr, sync::Arc};

use domain::{
    sign_in::{BrowserIdentity, Membership, SEEN_EVERY, TokenHash, csrf_token, is_csrf_token},
    tenancy::{Actor, Asked, User},
};
use protocol::{OrgId, SessionId, Timestamp, api::Secret};

use crate::{App, AppError};

/// Characters of a token: 256 random bits in hexadecimal.
const TOKEN: usize = 64;

/// A browser in which somebody is signed in.
#[derive(Debug, Clone)]
pub struct Browser {
    pub(super) identity: BrowserIdentity,
    token: Secret,
    asked: Asked,
}

impl Browser {
    pub(super) fn new(identity: BrowserIdentity, token: Secret) -> Self {
        Self {
            identity,
            token,
            asked: Asked::default(),
        }
    }

    /// With the request that it acts through.
    #[must_use]
    pub fn asking(mut self, asked: Asked) -> Self {
        self.asked = asked;
        self
    }

    /// What its requests have to carry.
    #[must_use]
    pub fn csrf_token(&self) -> Secret {
        Secret::new(csrf_token(self.token.expose()))
    }

    #[must_use]
    pub fn is_csrf_token(&self, given: &str) -> bool {
        is_csrf_token(self.token.expose(), given)
    }

    /// Its user in the organisation that is wanted; else in the one it was opened for, else in the oldest.
    ///
    /// # Errors
    /// `not_found` where the user is no member; `no_organisation` when they are one nowhere.
    pub fn actor(&self, wanted: Option<OrgId>) -> Result<Actor, AppError> {
        let memberships = &self.identity.memberships;
        let in_org = |org| {
            memberships
                .iter()
                .find(|membership| membership.organisation.id == org)
        };
        let first = memberships.first().ok_or_else(AppError::no_organisation)?;
        let membership = match wanted {
            Some(org) => in_org(org).ok_or_else(|| AppError::not_found("organisation"))?,
            None => self.identity.session.org.and_then(in_org).unwrap_or(first),
        };
        Ok(self.acting_as(membership))
    }

    /// Where its request comes from.
    pub(super) fn address(&self) -> Option<IpAddr> {
        self.asked.address
    }

    /// Whether its user belongs to no organisation.
    #[must_use]
    pub fn is_nowhere(&self) -> bool {
        self.identity.memberships.is_empty()
    }

    /// Who is signed in.
    pub(crate) fn user(&self) -> &User {
        &self.identity.user
    }

    /// Where they belong, oldest first.
    pub(crate) fn memberships(&self) -> &[Membership] {
        &self.identity.memberships
    }

    /// Its user with a membership that they have, or are about to have.
    pub(crate) fn acting_as(&self, membership: &Membership) -> Actor {
        Actor {
            org: membership.organisation.id,
            user: self.identity.user.id,
            email: self.identity.user.email.clone(),
            role: membership.role,
            api_key: None,
            key_hash: None,
            browser: Some(self.identity.session.hash),
            scopes: std::collections::BTreeSet::new(),
            closing: membership
                .organisation
                .deletion
                .map(|deletion| deletion.effective_at),
            asked: self.asked,
        }
    }
}

impl App {
    /// Notes that somebody is about to change something of their own account. Everybody may: there is no policy to ask.
    pub(super) async fn note_own(&self, browser: &Browser, action: &'static str) -> Result<(), AppError> {
        let identity = &browser.identity;
        self.note_person(
            &identity.user,
            &identity.memberships,
            browser.asked.address,
            action,
        )
        .await
    }

    /// Who is signed in with this token. Unknown, ended and outdated ones get the same answer.
    ///
    /// # Errors
    /// `unauthenticated`, or that the store does not answer.
    pub async fn authenticate_browser(&self, token: &str) -> Result<Browser, AppError> {
        if token.len() != TOKEN {
            return Err(AppError::unauthenticated());
        }
        let now = self.now();
        let identity = self.browser(TokenHash::of(token), now).await?;
        let (hash, seen) = (identity.session.hash, identity.session.last_seen_at);
        if now.since(seen) >= SEEN_EVERY {
            let store = Arc::clone(&self.ports().identity);
            // Never awaited: the last use is a courtesy, not a condition.
            tokio::spawn(async move {
                if let Err(error) = store.touch_browser_session(hash, now).await {
                    tracing::debug!(%error, "the last use of a browser session was not noted");
                }
            });
        }
        Ok(Browser::new(identity, Secret::new(token)))
    }

    /// Its user in the organisation of a session of the product, if they are a member there; else as
    /// [`Browser::actor`], which leads to a session that is not there.
    ///
    /// # Errors
    /// As [`Browser::actor`], or that the store does not answer.
    pub async fn browser_actor_at(
        &self,
        browser: &Browser,
        session: SessionId,
        wanted: Option<OrgId>,
    ) -> Result<Actor, AppError> {
        let row = self.ports().catalog.lookup(session).await?;
        match row.map(|row| browser.actor(Some(row.org))) {
            Some(Ok(actor)) => Ok(actor),
            _ => browser.actor(wanted),
        }
    }

    pub(super) async fn browser(&self, hash: TokenHash, now: Timestamp) -> Result<BrowserIdentity, AppError> {
        let found = self.ports().identity.find_browser_session(hash).await?;
        found
            .filter(|found| found.session.is_valid(now))
            .ok_or_else(AppError::unauthenticated)
    }
}
