//! People who come and go: noted in the organisations that they belong to.

use std::net::IpAddr;

use domain::{
    audit::AuditEntry,
    sign_in::Membership,
    tenancy::{Asked, User},
};
use protocol::{
    OrgId,
    audit::{AuditActor, AuditOutcome},
};

use crate::{App, AppError};

/// Organisations of one user that a record goes to, the oldest first.
const MOST: usize = 32;

impl App {
    fn of_person(
        &self,
        user: &User,
        orgs: impl IntoIterator<Item = OrgId>,
        from: Option<IpAddr>,
        action: &'static str,
        outcome: AuditOutcome,
    ) -> Vec<AuditEntry> {
        let actor = AuditActor::User {
            user_id: user.id,
            api_key_id: None,
            name: user.email.clone(),
        };
        let asked = Asked {
            address: from,
            request: None,
        };
        orgs.into_iter()
            .take(MOST)
            .map(|org| {
                let mut entry = AuditEntry::new(org, self.now(), actor.clone(), action, outcome).asked(asked);
                entry.target = Some(user.id.to_string());
                entry
            })
            .collect()
    }

    /// Before a person gets in, or changes how they do.
    ///
    /// # Errors
    /// When it cannot be noted: then it must not be done.
    pub(crate) async fn note_person(
        &self,
        user: &User,
        memberships: &[Membership],
        from: Option<IpAddr>,
        action: &'static str,
    ) -> Result<(), AppError> {
        let orgs = memberships.iter().map(|membership| membership.organisation.id);
        let entries = self.of_person(user, orgs, from, action, AuditOutcome::Allowed);
        self.note(entries).await
    }

    /// After a person left. Nobody is kept from leaving because it cannot be noted.
    pub(crate) async fn note_departure(&self, user: &User, memberships: &[Membership], from: Option<IpAddr>) {
        let orgs = memberships.iter().map(|membership| membership.organisation.id);
        let entries = self.of_person(user, orgs, from, "user.sign_out", AuditOutcome::Allowed);
        self.note_if_possible(entries).await;
    }

    /// Somebody gave a wrong password for a user who exists. Apart from the answer, so that its time says nothing about
    /// whether they do; a few times a minute.
    pub(crate) fn note_failed_sign_in(&self, user: &User, from: Option<IpAddr>) {
        if !self.audited().may_note_failure(user.id, self.now()) {
            return;
        }
        let (app, user) = (self.clone(), user.clone());
        tokio::spawn(async move {
            match app.ports().identity.list_memberships(user.id).await {
                Ok(memberships) => {
                    let orgs = memberships.iter().map(|membership| membership.organisation.id);
                    let entries = app.of_person(&user, orgs, from, "user.sign_in", AuditOutcome::Denied);
                    app.note_if_possible(entries).await;
                }
                Err(error) => tracing::warn!(%error, "a failed sign-in was not noted"),
            }
        });
    }
}
