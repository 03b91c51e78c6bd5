//! Asks for the deletion of an organisation, and takes it back.

use domain::{
    policy::Action,
    tenancy::{Actor, Deletion},
};
use protocol::{ProblemCode, api::OrganisationInfo};

use super::info;
use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, identity::Ended, permit::Deed};

impl App {
    /// From now on nothing new is begun in it (see `Action::goes_on_while_closing`), and prompts that wait are cancelled;
    /// after the time of grace it is erased. A second time changes nothing: the first date stays.
    ///
    /// # Errors
    /// When policy does not allow it.
    pub async fn delete_organisation(
        &self,
        actor: &Actor,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<OrganisationInfo>, AppError> {
        let deed = Deed::new("organisation.delete").on(actor.org);
        self.permit(actor, Action::DeleteOrganisation, deed).await?;
        let now = self.now();
        let wanted = Deletion {
            requested_at: now,
            effective_at: now.after(self.settings().limits.organisation_grace),
        };
        let mut organisation = self.organisation_of(actor).await?;
        organisation.deletion.get_or_insert(wanted);
        let reply = info(organisation, actor.role);
        let entry = idempotency::entry(key, actor, &reply, now)?;
        let identity = &self.ports().identity;
        let written = identity.schedule_deletion(actor.org, wanted, entry).await?;
        let outcome = idempotency::written(written, reply, || AppError::not_found("organisation"))?;
        self.tell_ended(Ended::Organisation(actor.org));
        // Also when it was asked for before: what a crash left waiting is cancelled by the repeat.
        self.cancel_waiting(actor).await?;
        Ok(outcome)
    }

    /// Everything is as it was before.
    ///
    /// # Errors
    /// When policy does not allow it, or the erasure has begun.
    pub async fn restore_organisation(
        &self,
        actor: &Actor,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<OrganisationInfo>, AppError> {
        let deed = Deed::new("organisation.restore").on(actor.org);
        self.permit(actor, Action::DeleteOrganisation, deed).await?;
        let mut organisation = self.organisation_of(actor).await?;
        organisation.deletion = None;
        let reply = info(organisation, actor.role);
        let entry = idempotency::entry(key, actor, &reply, self.now())?;
        let written = self.ports().identity.cancel_deletion(actor.org, entry).await?;
        idempotency::written(written, reply, || {
            AppError::new(
                ProblemCode::Conflict,
                "It is too late: the organisation is being erased.",
            )
        })
    }
}
