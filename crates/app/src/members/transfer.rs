//! Hands an organisation over.

use domain::{organisations::is_person, policy::Action, tenancy::Actor};
use ports::{
    idempotency::Written,
    identity::{Settled, Transfer},
};
use protocol::api::OwnershipTransfer;

use crate::{
    App, AppError, IdempotencyKey, Outcome, idempotency, identity::Ended, organisations::settled,
    permit::Deed,
};

impl App {
    /// The other becomes an owner and whoever asks an admin, in one step: there is an owner at every moment. Keys that
    /// the former owner made are revoked with it.
    ///
    /// # Errors
    /// When policy does not allow it, it is not a person who asks, or the other is no member.
    pub async fn transfer_organisation(
        &self,
        actor: &Actor,
        body: OwnershipTransfer,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        let deed = Deed::new("organisation.transfer").on(body.user_id);
        let now = self.now();
        let entry = idempotency::entry(key, actor, &(), now)?;
        let identity = &self.ports().identity;
        let transfer = Transfer {
            org: actor.org,
            from: actor.user,
            to: body.user_id,
            at: now,
        };
        is_person(actor)?;
        self.permit(actor, Action::ManageOwners, deed).await?;
        if body.user_id == actor.user {
            return Err(AppError::invalid(
                "user_id",
                "You are the owner already: name another member.",
            ));
        }
        let outcome = match identity.transfer_organisation(transfer, entry).await? {
            Settled::Written(Written::Refused) => Err(AppError::invalid(
                "user_id",
                "There is no such member in this organisation.",
            )),
            other => settled(other, (), || AppError::not_found("member")),
        }?;
        for user in [actor.user, body.user_id] {
            self.tell_ended(Ended::Member { org: actor.org, user });
        }
        Ok(outcome)
    }
}
