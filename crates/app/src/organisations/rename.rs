//! Gives an organisation another name. The slug stays: people have it in scripts.

use domain::{policy::Action, tenancy::Actor};
use protocol::api::{OrganisationInfo, OrganisationPatch};

use super::info;
use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, permit::Deed, text};

impl App {
    /// # Errors
    /// When policy or the name do not allow it.
    pub async fn rename_organisation(
        &self,
        actor: &Actor,
        body: OrganisationPatch,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<OrganisationInfo>, AppError> {
        let deed = Deed::new("organisation.rename").on(actor.org);
        self.permit(actor, Action::UpdateOrganisation, deed).await?;
        let mut organisation = self.organisation_of(actor).await?;
        organisation.name = text::line("name", &body.name, 100)?;
        let name = organisation.name.clone();
        let reply = info(organisation, actor.role);
        let entry = idempotency::entry(key, actor, &reply, self.now())?;
        let identity = &self.ports().identity;
        let written = identity.rename_organisation(actor.org, name, entry).await?;
        idempotency::written(written, reply, || AppError::not_found("organisation"))
    }
}
