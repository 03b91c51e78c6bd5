//! Invites somebody; the link is shown this one time.

use domain::{
    organisations::{
        INVITATION_LIFE, Invitation, LONGEST_INVITATION, MOST_INVITATIONS, action_on_member, may_grant,
    },
    sign_in::TokenHash,
    tenancy::Actor,
};
use ports::identity::Settled;
use protocol::{
    InvitationId, ProblemCode, Timestamp,
    api::{InvitationCreate, InvitationCreated, Secret},
};

use crate::{
    App, AppError, IdempotencyKey, Outcome, idempotency, identity::check_email, members::role,
    organisations::settled, permit::Deed,
};

impl App {
    /// Whether there is an account with this address is not looked at, so that nobody can find out by inviting.
    ///
    /// # Errors
    /// When policy, role, address or expiry do not allow it, or too many are open.
    pub async fn invite(
        &self,
        actor: &Actor,
        body: InvitationCreate,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<InvitationCreated>, AppError> {
        let role = role(&body.role)?;
        let now = self.now();
        let id = InvitationId::new(now.as_ms(), self.bits());
        let deed = Deed::new("invitation.create").on(id).with("role", role.as_str());
        self.permit(actor, action_on_member(None, Some(role)), deed)
            .await?;
        may_grant(actor, role)?;
        let email = body.email.as_deref().map(check_email).transpose()?;
        let expires_at = expiry(body.expires_at, now)?;
        let token = self.ports().entropy.token();
        let invitation = Invitation {
            id,
            org: actor.org,
            hash: TokenHash::of(&token),
            email: email.clone(),
            role,
            invited_by: actor.user,
            created_at: now,
            expires_at,
            revoked_at: None,
            accepted: None,
        };
        let mut created = InvitationCreated {
            id,
            email,
            role: role.as_str().to_owned(),
            expires_at,
            link: None,
        };
        let entry = idempotency::entry(key, actor, &created, now)?;
        let identity = &self.ports().identity;
        let written = identity
            .add_invitation(invitation, MOST_INVITATIONS, entry)
            .await?;
        let server = self.accounts().settings().url.trim_end_matches('/');
        // Behind the `#`, which browsers keep to themselves: it reaches no log.
        created.link = Some(Secret::new(format!("{server}/invitation#token={token}")));
        match written {
            Settled::TooMany => Err(AppError::new(
                ProblemCode::Conflict,
                format!("{MOST_INVITATIONS} invitations are open. Revoke those that nobody will use."),
            )
            .limit(MOST_INVITATIONS as u64)),
            other => settled(other, created, || AppError::not_found("organisation")),
        }
    }
}

fn expiry(wanted: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, AppError> {
    let Some(wanted) = wanted else {
        return Ok(now.after(INVITATION_LIFE));
    };
    if wanted <= now || wanted > now.after(LONGEST_INVITATION) {
        return Err(AppError::invalid(
            "expires_at",
            "`expires_at` must lie in the future, and at most 30 days from now.",
        ));
    }
    Ok(wanted)
}
