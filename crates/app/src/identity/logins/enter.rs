//! Lets a person in for whom a provider vouches.

use domain::sign_in::{Device, LinkedIdentity, ProviderRules, TokenHash, VerifiedIdentity};
use ports::idempotency::Written;

use super::{LoginOutcome, admit, not_accepted, said};
use crate::{App, AppError, identity::challenge::Verified};

impl App {
    /// An identity that is known opens its account; the address plays no part in that. An unknown one may become an
    /// account.
    pub(super) async fn enter(
        &self,
        rules: &ProviderRules,
        who: VerifiedIdentity,
        invitation: Option<TokenHash>,
        device: Device,
        to: String,
    ) -> Result<LoginOutcome, AppError> {
        let identity = &self.ports().identity;
        match identity.find_identity(&who.issuer, &who.subject).await? {
            Some(known) => self.enter_known(rules, known, who, device, to).await,
            None => {
                admit(rules, &who)?;
                let new = self.take_newcomer(rules, who, invitation, device).await?;
                Ok(LoginOutcome::SignedIn(Box::new(new), to))
            }
        }
    }

    async fn enter_known(
        &self,
        rules: &ProviderRules,
        known: LinkedIdentity,
        who: VerifiedIdentity,
        device: Device,
        to: String,
    ) -> Result<LoginOutcome, AppError> {
        let identity = &self.ports().identity;
        let user = identity.lookup_user(known.user).await?.ok_or_else(not_accepted)?;
        if let Err(refused) = admit(rules, &who) {
            self.note_failed_sign_in(&user, device.address);
            return Err(refused);
        }
        let memberships = identity.list_memberships(user.id).await?;
        let second_factor = identity.second_factor(user.id).await?;
        if second_factor.is_some_and(|factor| factor.confirmed_at.is_some()) {
            let verified = Verified::Identity(known.id, said(&who));
            return Ok(LoginOutcome::SecondFactor(self.challenge(user.id, verified), to));
        }
        self.note_person(&user, &memberships, device.address, "user.sign_in_provider")
            .await?;
        let (token, session) = self.new_session(user.id, self.now(), false, device);
        match identity
            .open_federated_session(session, known.id, said(&who))
            .await?
        {
            Written::Done => Ok(LoginOutcome::SignedIn(Box::new(self.signed_in(token).await?), to)),
            // Taken away in this very moment.
            _ => Err(not_accepted()),
        }
    }
}
