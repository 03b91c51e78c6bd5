//! Makes an API key; its text is shown this one time.

use domain::{
    policy::Action,
    tenancy::{Actor, ApiKey},
};
use protocol::{
    ApiKeyId, ProblemCode, UserId,
    api::{ApiKeyCreate, ApiKeyCreated},
};

use super::{MOST_KEYS, check_rate, covered, parse_scopes, scope_words, too_much};
use crate::{
    App, AppError, IdempotencyKey, Outcome, idempotency, identity::fresh_key, limits, permit::Deed, text,
};

impl App {
    /// The new key acts as its maker, or as a service account; never with more than its maker has.
    ///
    /// # Errors
    /// When policy, name, scopes, rate, expiry or the number of keys do not allow it.
    pub async fn create_api_key(
        &self,
        actor: &Actor,
        body: ApiKeyCreate,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<ApiKeyCreated>, AppError> {
        let action = match body.service_account {
            Some(_) => Action::ManageKeys,
            None => Action::ManageOwnKeys,
        };
        self.permit(actor, action, Deed::new("api_key.create")).await?;
        let now = self.now();
        let name = text::line("name", &body.name, 100)?;
        let scopes = parse_scopes(&body.scopes)?;
        if !covered(actor, &scopes) {
            return Err(too_much());
        }
        check_rate(body.rate_per_s)?;
        if body.expires_at.is_some_and(|end| end <= now) {
            return Err(AppError::invalid(
                "expires_at",
                "`expires_at` must lie in the future.",
            ));
        }
        let user = match body.service_account {
            Some(id) => self.service_account_of(actor, id).await?,
            None => actor.user,
        };
        let (secret, hash, hint) = fresh_key(&*self.ports().entropy);
        let row = ApiKey {
            id: ApiKeyId::new(now.as_ms(), self.bits()),
            org: actor.org,
            user,
            name: name.clone(),
            hash,
            hint,
            scopes,
            created_at: now,
            expires_at: body.expires_at,
            revoked_at: None,
            last_used_at: None,
            rate_per_s: body.rate_per_s,
            replaces: None,
            replaced_by: None,
        };
        let mut created = ApiKeyCreated {
            id: row.id,
            key: None,
            name,
            scopes: scope_words(&row.scopes),
            created_at: now,
            expires_at: body.expires_at,
            user_id: user,
            rate_per_s: body.rate_per_s,
            replaces: None,
            replaced_expires_at: None,
        };
        let identity = &self.ports().identity;
        let theirs = identity.list_api_keys_of(actor.org, user).await?;
        if theirs.iter().filter(|key| key.is_valid(now)).count() >= MOST_KEYS {
            return Err(limits::full("API keys of this user", MOST_KEYS as u64, false));
        }
        let entry = idempotency::entry(key, actor, &created, now)?;
        let written = identity.add_api_key(row, entry).await?;
        created.key = Some(secret);
        idempotency::written(written, created, || {
            AppError::new(ProblemCode::Conflict, "There is such a key already.")
        })
    }

    /// In a body, what is not there is a wrong field.
    async fn service_account_of(&self, actor: &Actor, id: UserId) -> Result<UserId, AppError> {
        let accounts = self.ports().identity.list_service_accounts(actor.org).await?;
        let there = accounts.iter().any(|account| account.id == id);
        there.then_some(id).ok_or_else(|| {
            AppError::invalid(
                "service_account",
                "There is no such service account in this organisation.",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::tenancy::{Role, Scope};
    use protocol::OrgId;

    use super::*;

    fn actor(scopes: &[Scope]) -> Actor {
        Actor {
            org: OrgId::from_bits(1),
            user: UserId::from_bits(1),
            email: "a@example.org".into(),
            role: Role::Owner,
            api_key: None,
            key_hash: None,
            browser: None,
            scopes: scopes.iter().copied().collect(),
            closing: None,
            asked: domain::tenancy::Asked::default(),
        }
    }

    #[test]
    fn a_key_never_makes_a_stronger_one() {
        let limited = actor(&[Scope::RunsRead]);
        let covers = |actor: &Actor, words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            covered(actor, &parse_scopes(&words).unwrap())
        };
        assert!(!covers(&limited, &[]));
        assert!(!covers(&limited, &["sessions:write"]));
        assert!(covers(&limited, &["runs:read"]));
        assert!(covers(&actor(&[]), &[]));
        assert!(covers(&actor(&[Scope::Admin]), &["audit:read"]));
        let unknown = parse_scopes(&["nonsense".into()]).unwrap_err();
        assert_eq!(unknown.code, ProblemCode::InvalidRequest);
        assert!(unknown.detail.contains("audit:read"), "{}", unknown.detail);
    }
}
