//! An API key becomes an actor.

use std::{sync::Arc, time::Duration};

use domain::{
    api_key::Shape,
    session::hash_secret,
    tenancy::{Actor, Asked, Identity},
};
use ports::lane;
use protocol::Timestamp;

use crate::{App, AppError};

/// Last use is noted at most this often for each key.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

impl App {
    /// Who a key stands for. Missing, wrong, revoked, expired and orphaned keys get the same answer.
    ///
    /// # Errors
    /// `unauthenticated`, or that the store does not answer.
    pub async fn authenticate(&self, key: &str) -> Result<Actor, AppError> {
        // What cannot be a key needs no look-up.
        if Shape::of(key).is_none() {
            return Err(AppError::unauthenticated());
        }
        let hash = hash_secret(key);
        // A key that was right a moment ago is looked up at the expense of its organisation, any other at that of strangers.
        if let Some(org) = self.limiter().org_of(&hash) {
            lane::go_on_for(org);
        }
        let identity = self
            .ports()
            .identity
            .find_api_key(&hash)
            .await?
            .ok_or_else(AppError::unauthenticated)?;
        let now = self.now();
        let found = identity.key.clone();
        let (id, last_used_at) = (identity.key.id, identity.key.last_used_at);
        let actor = actor(identity, now)?;
        self.limiter().saw(&found);
        if last_used_at.is_none_or(|last| now.since(last) >= TOUCH_EVERY) {
            let store = Arc::clone(&self.ports().identity);
            // Never awaited: the last use is a courtesy, not a condition.
            tokio::spawn(async move {
                if let Err(error) = store.touch_api_key(id, now).await {
                    tracing::debug!(%error, key = %id, "the last use of a key was not noted");
                }
            });
        }
        Ok(actor)
    }
}

/// Who a valid key of a present member stands for.
pub(super) fn actor(identity: Identity, now: Timestamp) -> Result<Actor, AppError> {
    let role = identity
        .role
        .filter(|_| identity.key.is_valid(now))
        .ok_or_else(AppError::unauthenticated)?;
    Ok(Actor {
        org: identity.organisation.id,
        user: identity.user.id,
        // A program is called by its name.
        email: identity.service.unwrap_or(identity.user.email),
        role,
        api_key: Some(identity.key.id),
        key_hash: Some(identity.key.hash),
        browser: None,
        scopes: identity.key.scopes,
        closing: identity
            .organisation
            .deletion
            .map(|deletion| deletion.effective_at),
        asked: Asked::default(),
    })
}
