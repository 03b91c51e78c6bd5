//! Leaves an organisation: nobody is kept in one.

use domain::{policy::Action, tenancy::Role};
use ports::identity::MemberChange;
use protocol::OrgId;

use crate::{
    App, AppError, Browser, IdempotencyKey, Outcome, idempotency, identity::Ended, organisations::settled,
    permit::Deed,
};

impl App {
    /// Whether a person belongs to this organisation.
    ///
    /// # Errors
    /// `not_found` for unknown and foreign ones alike.
    pub fn check_membership(&self, browser: &Browser, org: OrgId) -> Result<(), AppError> {
        let of = |membership: &domain::sign_in::Membership| membership.organisation.id == org;
        let there = browser.memberships().iter().any(of);
        there
            .then_some(())
            .ok_or_else(|| AppError::not_found("organisation"))
    }

    /// The person's keys of this organisation are revoked in the same commit, and what they have open in it ends. Also
    /// where it is going to be deleted.
    ///
    /// # Errors
    /// When they are its only owner, or it is not theirs to leave.
    pub async fn leave_organisation(
        &self,
        browser: &Browser,
        org: OrgId,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        let user = browser.user().id;
        let now = self.now();
        let membership = browser
            .memberships()
            .iter()
            .find(|membership| membership.organisation.id == org);
        let role = match membership {
            Some(membership) => {
                let mut actor = browser.acting_as(membership);
                actor.closing = None;
                let deed = Deed::new("member.leave").on(user);
                self.permit(&actor, Action::ReadOrganisation, deed).await?;
                membership.role
            }
            // Left already: the store knows whether by this very request.
            None => Role::Viewer,
        };
        let change = MemberChange {
            org,
            user,
            from: role,
            to: None,
            by: (user, role),
            at: now,
        };
        let entry = idempotency::entry_of_person(key, user, &(), now)?;
        let written = self.ports().identity.change_member(change, entry).await?;
        let outcome = settled(written, (), || AppError::not_found("organisation"))?;
        self.tell_ended(Ended::Member { org, user });
        Ok(outcome)
    }
}
