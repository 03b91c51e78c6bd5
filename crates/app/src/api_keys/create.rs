//! Makes an API key; its text is shown this one time.

use std::collections::BTreeSet;

use domain::{
    policy::Action,
    tenancy::{Actor, ApiKey, Scope},
};
use protocol::{
    ApiKeyId, ProblemCode,
    api::{ApiKeyCreate, ApiKeyCreated},
};

use super::scope_words;
use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, identity::fresh_key, permit::Deed, text};

impl App {
    /// The new key acts as its maker, and never with more than its maker has.
    ///
    /// # Errors
    /// When policy, name, scopes or expiry do not allow it.
    pub async fn create_api_key(
        &self,
        actor: &Actor,
        body: ApiKeyCreate,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<ApiKeyCreated>, AppError> {
        self.permit(actor, Action::ManageKeys, Deed::new("api_key.create"))
            .await?;
        let now = self.now();
        let name = text::line("name", &body.name, 100)?;
        let scopes = scopes(actor, &body.scopes)?;
        if body.expires_at.is_some_and(|end| end <= now) {
            return Err(AppError::invalid(
                "expires_at",
                "`expires_at` must lie in the future.",
            ));
        }
        let (secret, hash, hint) = fresh_key(&*self.ports().entropy);
        let row = ApiKey {
            id: ApiKeyId::new(now.as_ms(), self.bits()),
            org: actor.org,
            user: actor.user,
            name: name.clone(),
            hash,
            hint,
            scopes,
            created_at: now,
            expires_at: body.expires_at,
            revoked_at: None,
            last_used_at: None,
        };
        let mut created = ApiKeyCreated {
            id: row.id,
            key: None,
            name,
            scopes: scope_words(&row.scopes),
            created_at: now,
            expires_at: body.expires_at,
        };
        let entry = idempotency::entry(key, actor, &created, now)?;
        let written = self.ports().identity.add_api_key(row, entry).await?;
        created.key = Some(secret);
        idempotency::written(written, created, || {
            AppError::new(ProblemCode::Conflict, "There is such a key already.")
        })
    }
}

fn scopes(actor: &Actor, wanted: &[String]) -> Result<BTreeSet<Scope>, AppError> {
    let wanted = wanted
        .iter()
        .map(|word| word.parse::<Scope>())
        .collect::<Result<BTreeSet<_>, _>>()
        .map_err(|_| {
            let known: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
            AppError::invalid("scopes", format!("`scopes` may contain {}.", known.join(", ")))
        })?;
    let unlimited = actor.scopes.is_empty() || actor.scopes.contains(&Scope::Admin);
    let covered = unlimited || (!wanted.is_empty() && wanted.is_subset(&actor.scopes));
    if covered {
        Ok(wanted)
    } else {
        Err(AppError::new(
            ProblemCode::Forbidden,
            "A key cannot make a key that may do more than itself.",
        )
        .field("scopes"))
    }
}

#[cfg(test)]
mod tests {
    use domain::tenancy::Role;
    use protocol::{OrgId, UserId};

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
        assert!(scopes(&limited, &[]).is_err());
        assert!(scopes(&limited, &["sessions:write".into()]).is_err());
        assert!(scopes(&limited, &["runs:read".into()]).is_ok());
        assert!(scopes(&actor(&[]), &[]).is_ok());
        assert_eq!(
            scopes(&actor(&[]), &["nonsense".into()]).unwrap_err().code,
            ProblemCode::InvalidRequest
        );
    }
}
