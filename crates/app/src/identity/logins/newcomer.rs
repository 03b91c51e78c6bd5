//! Makes an account for somebody for whom a provider vouches.

use domain::{
    sign_in::{Device, LinkedIdentity, Membership, ProviderRules, TokenHash, VerifiedIdentity},
    tenancy::{Role, User},
};
use ports::{
    idempotency::Written,
    identity::{Completed, NewPlace},
};
use protocol::{IdentityId, ProblemCode, UserId};

use super::{not_accepted, said};
use crate::{App, AppError, NewBrowser, identity::sign_up::not_invited};

impl App {
    /// The provider has to vouch for the address. If it belongs to an account, that account is left alone: whoever owns it
    /// signs in and links the identity themselves. Else the same rules hold as for signing up with a password.
    pub(super) async fn take_newcomer(
        &self,
        rules: &ProviderRules,
        who: VerifiedIdentity,
        invitation: Option<TokenHash>,
        device: Device,
    ) -> Result<NewBrowser, AppError> {
        let Some(email) = who.verified_email().cloned() else {
            return Err(AppError::new(
                ProblemCode::EmailNotVerified,
                "The provider does not say that an e-mail address is yours. Confirm one there, and try again.",
            ));
        };
        let (identity, now) = (&self.ports().identity, self.now());
        if let Some((owner, _)) = identity.find_user(email.as_str()).await? {
            self.note_failed_sign_in(&owner, device.address);
            return Err(not_linked());
        }
        let policy = rules.sign_up.unwrap_or(self.accounts().settings().sign_up);
        self.check_sign_up(policy, &email, invitation).await?;
        let user = User {
            id: UserId::new(now.as_ms(), self.bits()),
            email: email.as_str().to_owned(),
            created_at: now,
        };
        let linked = LinkedIdentity {
            id: IdentityId::new(now.as_ms(), self.bits()),
            user: user.id,
            provider: rules.id.clone(),
            issuer: who.issuer.clone(),
            subject: who.subject.clone(),
            email: said(&who).email,
            name: who.name.clone(),
            linked_at: now,
            last_used_at: None,
        };
        let (membership, place) = self.new_place(&user, invitation).await?;
        self.note_person(&user, &[membership], device.address, "user.sign_up_provider")
            .await?;
        match identity
            .add_federated_user(user.clone(), linked.clone(), place)
            .await?
        {
            Completed::Done => {}
            // Somebody with this address or this identity was quicker.
            Completed::Refused => return Err(not_accepted()),
            // Withdrawn in this very moment.
            Completed::InvitationOver => return Err(not_invited()),
        }
        let (token, session) = self.new_session(user.id, now, false, device);
        match identity
            .open_federated_session(session, linked.id, said(&who))
            .await?
        {
            Written::Done => self.signed_in(token).await,
            _ => Err(not_accepted()),
        }
    }

    /// Where a new user will belong; for the record, too.
    async fn new_place(
        &self,
        user: &User,
        invitation: Option<TokenHash>,
    ) -> Result<(Membership, NewPlace), AppError> {
        let Some(invitation) = invitation else {
            let own = self.own_organisation(&user.email, user.created_at);
            let membership = Membership {
                organisation: own.clone(),
                role: Role::Owner,
            };
            return Ok((membership, NewPlace::Own(own)));
        };
        let org = self.check_invitation(&user.email, invitation).await?;
        self.check_members(org).await?;
        let found = self.ports().identity.find_invitation(invitation).await?;
        let found = found.ok_or_else(not_invited)?;
        let membership = Membership {
            role: found.invitation.role,
            organisation: found.organisation,
        };
        Ok((membership, NewPlace::Invited(invitation)))
    }
}

fn not_linked() -> AppError {
    AppError::new(
        ProblemCode::IdentityNotLinked,
        "Your address has an account here that this identity does not open. Sign in the way you did until now, and link the provider in your profile.",
    )
}
