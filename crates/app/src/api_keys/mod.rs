//! API keys of an organisation: one's own, those of service accounts, and for admins those of everybody.

mod create;
mod list;
mod patch;
mod revoke;
mod rotate;

use std::collections::BTreeSet;

use domain::{
    limits::MOST_KEY_PER_S,
    policy::{Action, authorise},
    tenancy::{Actor, ApiKey, Scope},
};
use protocol::{ApiKeyId, ProblemCode, api::ApiKeyInfo};

use crate::{App, AppError};

/// Keys of one user in an organisation that open something: more are hard to keep track of.
pub(crate) const MOST_KEYS: usize = 200;

fn scope_words(scopes: &BTreeSet<Scope>) -> Vec<String> {
    scopes.iter().map(|scope| scope.as_str().to_owned()).collect()
}

/// Words of a request as scopes.
fn parse_scopes(words: &[String]) -> Result<BTreeSet<Scope>, AppError> {
    let parsed: Result<BTreeSet<_>, _> = words.iter().map(|word| word.parse::<Scope>()).collect();
    parsed.map_err(|_| {
        let known: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        AppError::invalid("scopes", format!("`scopes` may contain {}.", known.join(", ")))
    })
}

/// Whether `actor` has at least what a key with these scopes would have; none = all that its user may do.
fn covered(actor: &Actor, scopes: &BTreeSet<Scope>) -> bool {
    let unlimited = actor.scopes.is_empty() || actor.scopes.contains(&Scope::Admin);
    unlimited || (!scopes.is_empty() && scopes.is_subset(&actor.scopes))
}

fn too_much() -> AppError {
    AppError::new(
        ProblemCode::Forbidden,
        "A key cannot make or change a key so that it may do more than itself.",
    )
    .field("scopes")
}

fn check_rate(rate_per_s: Option<u32>) -> Result<(), AppError> {
    match rate_per_s {
        Some(rate) if rate == 0 || rate > MOST_KEY_PER_S => Err(AppError::invalid(
            "rate_per_s",
            format!("`rate_per_s` must be a number from 1 to {MOST_KEY_PER_S}."),
        )
        .limit(MOST_KEY_PER_S.into())),
        _ => Ok(()),
    }
}

fn shown(key: ApiKey) -> ApiKeyInfo {
    ApiKeyInfo {
        id: key.id,
        name: key.name,
        user_id: key.user,
        hint: key.hint,
        scopes: scope_words(&key.scopes),
        created_at: key.created_at,
        expires_at: key.expires_at,
        revoked_at: key.revoked_at,
        last_used_at: key.last_used_at,
        rate_per_s: key.rate_per_s,
        replaces: key.replaces,
        replaced_by: key.replaced_by,
    }
}

/// A key that is known to be the actor's to manage. Only [`App::resolve_api_key`] makes one.
#[derive(Debug, Clone)]
pub struct OwnApiKey {
    pub(crate) row: ApiKey,
}

impl App {
    /// The key, if it is the actor's own, or their organisation's and they manage all of its keys.
    ///
    /// # Errors
    /// `not_found` for unknown and foreign ones alike, and for those of other members.
    pub async fn resolve_api_key(&self, actor: &Actor, id: ApiKeyId) -> Result<OwnApiKey, AppError> {
        let row = self.ports().identity.lookup_api_key(actor.org, id).await?;
        row.filter(|row| row.org == actor.org)
            .filter(|row| row.user == actor.user || authorise(actor, Action::ManageKeys).is_ok())
            .map(|row| OwnApiKey { row })
            .ok_or_else(|| AppError::not_found("API key"))
    }

    /// Whether the text of this key may be given to the actor: its own, or that of a service account. With the key of
    /// another person one would act in their name, and with an owner's key an admin would be an owner.
    async fn may_hold(&self, actor: &Actor, key: &ApiKey) -> Result<bool, AppError> {
        if key.user == actor.user {
            return Ok(true);
        }
        let accounts = self.ports().identity.list_service_accounts(actor.org).await?;
        Ok(accounts.iter().any(|account| account.id == key.user))
    }
}
