//! Links an identity to whoever is signed in.

use std::net::IpAddr;

use domain::{
    mail::Letter,
    sign_in::{LinkedIdentity, MOST_IDENTITIES, ProviderRules, VerifiedIdentity},
};
use ports::identity::Linked;
use protocol::{IdentityId, ProblemCode};

use super::{admit, said};
use crate::{App, AppError, Browser};

impl App {
    /// From now on the identity signs its user in. It is the person at this browser who says so, and the provider that
    /// says who they are; addresses play no part, and need not be the same. The owner is told by mail.
    pub(super) async fn link_identity(
        &self,
        browser: &Browser,
        rules: &ProviderRules,
        who: VerifiedIdentity,
        from: Option<IpAddr>,
    ) -> Result<(), AppError> {
        let (identity, now, user) = (&self.ports().identity, self.now(), browser.user());
        admit(rules, &who)?;
        let said = said(&who);
        let linked = LinkedIdentity {
            id: IdentityId::new(now.as_ms(), self.bits()),
            user: user.id,
            provider: rules.id.clone(),
            issuer: who.issuer.clone(),
            subject: who.subject.clone(),
            email: said.email,
            name: said.name,
            linked_at: now,
            last_used_at: None,
        };
        self.note_person(user, browser.memberships(), from, "identity.link")
            .await?;
        match identity.link_identity(linked, MOST_IDENTITIES).await? {
            Linked::Done => {
                self.tell_of_identity(&user.email, &rules.name, true);
                Ok(())
            }
            Linked::Taken => {
                let known = identity.find_identity(&who.issuer, &who.subject).await?;
                if known.is_some_and(|known| known.user == user.id) {
                    return Ok(());
                }
                Err(AppError::new(
                    ProblemCode::IdentityTaken,
                    "This identity signs another account in. Sign in with it and take it away there first.",
                ))
            }
            Linked::TooMany => Err(AppError::new(
                ProblemCode::Conflict,
                format!("An account has at most {MOST_IDENTITIES} identities. Take one away first."),
            )
            .limit(MOST_IDENTITIES as u64)),
            Linked::NoUser => Err(AppError::unauthenticated()),
        }
    }

    pub(super) fn tell_of_identity(&self, email: &str, provider: &str, linked: bool) {
        let letter = Letter::IdentityChanged {
            linked,
            provider: provider.to_owned(),
            server: self.accounts().settings().url.clone(),
        };
        self.tell_user(email, letter);
    }
}
