//! The first owner of an organisation, with a key. For the operator: through the admin socket or the command line.

use domain::{
    audit::AuditEntry,
    tenancy::{ApiKey, Organisation, User},
};
use ports::{AuditLog, Clock, Entropy, IdentityStore, StoreError};
use protocol::{
    ApiKeyId, OrgId, ProblemCode, UserId,
    api::Bootstrapped,
    audit::{AuditActor, AuditOutcome},
};

use super::fresh_key;
use crate::{App, AppError, audit::not_noted};

impl App {
    /// See [`bootstrap`].
    ///
    /// # Errors
    /// See [`bootstrap`].
    pub async fn bootstrap(&self, email: &str, slug: &str) -> Result<Bootstrapped, AppError> {
        let ports = self.ports();
        let (identity, clock) = (&*ports.identity, &*ports.clock);
        let prepared = Prepared::new(identity, clock, &*ports.entropy, email, slug).await?;
        self.note(vec![prepared.entry()]).await?;
        prepared.finish(identity).await
    }
}

/// Makes sure that the user owns the organisation and gives them a new key. Safe to repeat: user and
/// organisation stay, the key is a new one each time. The caller is the operator, which its channel has proved.
///
/// # Errors
/// When address or slug are not valid, or the store does not answer.
pub async fn bootstrap(
    identity: &dyn IdentityStore,
    audit: &dyn AuditLog,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    email: &str,
    slug: &str,
) -> Result<Bootstrapped, AppError> {
    let prepared = Prepared::new(identity, clock, entropy, email, slug).await?;
    audit.append(vec![prepared.entry()]).await.map_err(not_noted)?;
    prepared.finish(identity).await
}

/// An owner who has no key yet: what is still to be noted before they get one.
struct Prepared {
    email: String,
    key: ApiKey,
    text: String,
}

impl Prepared {
    async fn new(
        identity: &dyn IdentityStore,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
        email: &str,
        slug: &str,
    ) -> Result<Self, AppError> {
        let email = check_email(email)?;
        check_slug("org", slug)?;
        let now = clock.now();
        let (user, organisation) = identity
            .ensure_owner(
                User {
                    id: UserId::new(now.as_ms(), entropy.bits()),
                    email,
                    created_at: now,
                },
                Organisation {
                    id: OrgId::new(now.as_ms(), entropy.bits()),
                    slug: slug.to_owned(),
                    name: slug.to_owned(),
                    created_at: now,
                    deletion: None,
                },
            )
            .await
            .map_err(|error| match error {
                StoreError::Invalid(_) => AppError::new(
                    ProblemCode::Conflict,
                    "The organisation of this name is being erased. Take another name, or wait until it is gone.",
                )
                .field("org"),
                error => error.into(),
            })?;
        let (text, hash, hint) = fresh_key(entropy);
        let key = ApiKey {
            id: ApiKeyId::new(now.as_ms(), entropy.bits()),
            org: organisation.id,
            user: user.id,
            name: "bootstrap".to_owned(),
            hash,
            hint,
            scopes: std::collections::BTreeSet::new(),
            created_at: now,
            expires_at: None,
            revoked_at: None,
            last_used_at: None,
            rate_per_s: None,
            replaces: None,
            replaced_by: None,
        };
        Ok(Self {
            email: user.email,
            key,
            text,
        })
    }

    fn entry(&self) -> AuditEntry {
        let (org, at, action) = (self.key.org, self.key.created_at, "organisation.bootstrap");
        let mut entry = AuditEntry::new(org, at, AuditActor::Operator, action, AuditOutcome::Allowed);
        entry.target = Some(self.key.id.to_string());
        entry.details = [("owner".to_owned(), self.email.clone())].into();
        entry
    }

    async fn finish(self, identity: &dyn IdentityStore) -> Result<Bootstrapped, AppError> {
        let (org_id, user_id) = (self.key.org, self.key.user);
        identity.add_api_key(self.key, None).await?;
        Ok(Bootstrapped {
            org_id,
            user_id,
            api_key: self.text,
            sign_in_link: None,
        })
    }
}

pub(crate) fn check_email(email: &str) -> Result<String, AppError> {
    let email = domain::mail::fold(email);
    let well_formed = email.len() <= 254
        && !email.contains(|c: char| c.is_whitespace() || c.is_control())
        && email
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    if well_formed {
        Ok(email)
    } else {
        Err(AppError::invalid(
            "email",
            "`email` must be an address such as ana@example.org.",
        ))
    }
}

pub(crate) fn check_slug(field: &str, slug: &str) -> Result<(), AppError> {
    let well_formed = (1..=63).contains(&slug.len())
        && slug
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !slug.starts_with('-');
    if well_formed {
        Ok(())
    } else {
        Err(AppError::invalid(
            field,
            format!("`{field}` must have 1 to 63 of a-z, 0-9 and `-`, and not start with `-`."),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_slugs_are_checked() {
        assert_eq!(check_email(" Ana@Example.org ").unwrap(), "ana@example.org");
        for bad in ["", "ana", "@x", "a@", "a@b@c", "a b@c"] {
            assert!(check_email(bad).is_err(), "{bad}");
        }
        assert!(check_slug("org", "acme-1").is_ok());
        for bad in ["", "-a", "A", "a_b", "ü"] {
            assert!(check_slug("org", bad).is_err(), "{bad}");
        }
    }
}
