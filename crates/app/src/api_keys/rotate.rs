//! Replaces an API key by a new one that may do the same, while the old one goes on working for a while.

use std::time::Duration;

use domain::{
    policy::Action,
    tenancy::{Actor, ApiKey},
};
use protocol::{
    ApiKeyId, ProblemCode,
    api::{ApiKeyCreated, ApiKeyRotate},
};

use super::{OwnApiKey, covered, scope_words, too_much};
use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, identity::fresh_key, permit::Deed};

/// For how long the old key works unless asked otherwise, seconds: a day, in which somebody notices what still uses it.
const OVERLAP_S: u64 = 24 * 60 * 60;
/// And at most: thirty days.
const MOST_OVERLAP_S: u64 = 30 * 24 * 60 * 60;

impl App {
    /// One commit: there is the new key and the old one ends, or nothing changed.
    ///
    /// # Errors
    /// When policy or a field do not allow it; `conflict` when the old key opens nothing any more or was replaced already.
    pub async fn rotate_api_key(
        &self,
        actor: &Actor,
        own: OwnApiKey,
        body: ApiKeyRotate,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<ApiKeyCreated>, AppError> {
        let old = own.row;
        self.permit(
            actor,
            Action::ManageOwnKeys,
            Deed::new("api_key.rotate").on(old.id),
        )
        .await?;
        if !self.may_hold(actor, &old).await? {
            return Err(AppError::new(
                ProblemCode::Forbidden,
                "With the new key you would act in another person's name. Revoke theirs, and let them make another one.",
            ));
        }
        if !covered(actor, &old.scopes) {
            return Err(too_much());
        }
        let now = self.now();
        let overlap = body.overlap_s.unwrap_or(OVERLAP_S);
        if overlap > MOST_OVERLAP_S {
            return Err(AppError::invalid(
                "overlap_s",
                format!("`overlap_s` must be a number from 0 to {MOST_OVERLAP_S}, which is 30 days."),
            )
            .limit(MOST_OVERLAP_S));
        }
        if body.expires_at.is_some_and(|end| end <= now) {
            return Err(AppError::invalid(
                "expires_at",
                "`expires_at` must lie in the future.",
            ));
        }
        let old_ends = now.after(Duration::from_secs(overlap));
        let (secret, hash, hint) = fresh_key(&*self.ports().entropy);
        let new = ApiKey {
            id: ApiKeyId::new(now.as_ms(), self.bits()),
            hash,
            hint,
            created_at: now,
            expires_at: body.expires_at.or(old.expires_at),
            revoked_at: None,
            last_used_at: None,
            replaces: Some(old.id),
            replaced_by: None,
            ..old.clone()
        };
        let mut created = ApiKeyCreated {
            id: new.id,
            key: None,
            name: new.name.clone(),
            scopes: scope_words(&new.scopes),
            created_at: now,
            expires_at: new.expires_at,
            user_id: new.user,
            rate_per_s: new.rate_per_s,
            replaces: new.replaces,
            replaced_expires_at: Some(old.expires_at.map_or(old_ends, |end| end.min(old_ends))),
        };
        let entry = idempotency::entry(key, actor, &created, now)?;
        let identity = &self.ports().identity;
        let written = identity.rotate_api_key(new, old_ends, entry).await?;
        created.key = Some(secret);
        idempotency::written(written, created, || {
            AppError::new(
                ProblemCode::Conflict,
                "This key is revoked, has expired, or was replaced already; `replaced_by` names the one in its place.",
            )
        })
    }
}
