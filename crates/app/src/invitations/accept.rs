//! Accepts an invitation.

use domain::{
    organisations::InvitationState,
    policy::Action,
    sign_in::{Membership, TokenHash},
};
use ports::identity::Acceptance;
use protocol::{
    ProblemCode,
    api::{InvitationToken, OrganisationInfo},
};

use super::{LONGEST_TOKEN, over};
use crate::{App, AppError, Browser, IdempotencyKey, Outcome, idempotency, organisations, permit::Deed};

impl App {
    /// For whoever is signed in, also where they belong nowhere yet. The invitation is used up and the person a member,
    /// or neither.
    ///
    /// # Errors
    /// `invitation_expired`; `forbidden` when it is for another address; `conflict` when they are a member already;
    /// `quota_exceeded` when the organisation has as many as it may, which uses up nothing.
    pub async fn accept_invitation(
        &self,
        browser: &Browser,
        body: &InvitationToken,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<OrganisationInfo>, AppError> {
        let token = body.token.expose().trim();
        if token.len() > LONGEST_TOKEN {
            return Err(over());
        }
        let (hash, now, user) = (TokenHash::of(token), self.now(), browser.user());
        let identity = &self.ports().identity;
        let found = identity.find_invitation(hash).await?.ok_or_else(over)?;
        let membership = Membership {
            organisation: found.organisation,
            role: found.invitation.role,
        };
        match (found.invitation.state(now), found.invitation.accepted) {
            // Perhaps by this very request: the store knows.
            (InvitationState::Accepted, Some((_, by))) if by == user.id => {}
            (InvitationState::Open, _) if found.invitation.admits(&user.email) => {
                let new = browser
                    .memberships()
                    .iter()
                    .all(|known| known.organisation.id != membership.organisation.id);
                if new {
                    self.check_members(membership.organisation.id).await?;
                }
            }
            (InvitationState::Open, _) => return Err(other_address()),
            _ => return Err(over()),
        }
        let actor = browser.acting_as(&membership);
        let deed = Deed::new("invitation.accept")
            .on(found.invitation.id)
            .with("role", membership.role.as_str());
        self.permit(&actor, Action::ReadOrganisation, deed).await?;
        let reply = organisations::shown(membership);
        let entry = idempotency::entry_of_person(key, user.id, &reply, now)?;
        match identity.accept_invitation(hash, user.id, now, entry).await? {
            Acceptance::Accepted(..) => Ok(Outcome::new(reply)),
            Acceptance::Replayed(reply) => serde_json::from_str(&reply)
                .map(Outcome::replayed)
                .map_err(AppError::internal),
            Acceptance::Conflict => Err(AppError::idempotency_conflict()),
            Acceptance::Over => Err(over()),
            Acceptance::OtherAddress => Err(other_address()),
            Acceptance::Member => Err(AppError::new(
                ProblemCode::Conflict,
                "You are a member of this organisation already. The invitation is not used up.",
            )),
        }
    }
}

fn other_address() -> AppError {
    AppError::new(
        ProblemCode::Forbidden,
        "This invitation is for another e-mail address than the one you are signed in with.",
    )
}
