//! Invites somebody; the link is shown this one time.

use domain::{
    mail::{Letter, MailAddress},
    organisations::{
        INVITATION_LIFE, Invitation, LONGEST_INVITATION, MOST_INVITATIONS, action_on_member, may_grant,
    },
    sign_in::TokenHash,
    tenancy::Actor,
};
use ports::{idempotency::Written, identity::Settled};
use protocol::{
    InvitationId, ProblemCode, Timestamp,
    api::{InvitationCreate, InvitationCreated, Secret},
};

use crate::{
    App, AppError, IdempotencyKey, Outcome, idempotency, identity::address, members::role,
    organisations::settled, permit::Deed,
};

impl App {
    /// Whether there is an account with this address is not looked at, so that nobody can find out by inviting: a message
    /// with the link goes there in any case.
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
        // One that looks like another person's would be shown to whoever invites.
        let email = body.email.as_deref().map(address).transpose()?;
        let email = email.map(|address| address.as_str().to_owned());
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
        if written == Settled::Written(Written::Done)
            && let Some(email) = &created.email
        {
            self.write_to_invited(actor, email, Secret::new(token)).await;
        }
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

impl App {
    /// Sends the link to whom it is for. Whoever invites has it, too, so nothing depends on it.
    async fn write_to_invited(&self, actor: &Actor, email: &str, token: Secret) {
        let Ok(to) = MailAddress::read(email) else { return };
        if !self.accounts().may_write(&to, false, self.now()) {
            tracing::debug!("an invitation was not sent: its address got as many messages as it may");
            return;
        }
        let organisation = match self.ports().identity.lookup_organisation(actor.org).await {
            Ok(Some(organisation)) => organisation.name,
            Ok(None) => return,
            Err(error) => {
                tracing::warn!(%error, "an invitation was not sent");
                return;
            }
        };
        let letter = Letter::Invitation {
            organisation,
            invited_by: actor.email.clone(),
            link: self.accounts().link("/invitation", token),
        };
        self.post_letter(to, letter);
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
