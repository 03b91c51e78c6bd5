//! Makes an organisation. Its maker becomes its owner.

use domain::{
    organisations::MOST_ORGANISATIONS,
    policy::Action,
    sign_in::Membership,
    tenancy::{Organisation, Role},
};
use ports::identity::{NewOrganisation, Settled};
use protocol::{
    OrgId, ProblemCode,
    api::{OrganisationCreate, OrganisationInfo},
};

use super::{info, settled};
use crate::{
    App, AppError, Browser, IdempotencyKey, Outcome, idempotency, identity::check_slug, permit::Deed, text,
};

impl App {
    /// For whoever is signed in, also where they belong nowhere yet. The deed is noted in the log of the new
    /// organisation, of which the maker is the owner.
    ///
    /// # Errors
    /// When a field is not valid, the slug is taken, or the person has made as many as they may.
    pub async fn create_organisation(
        &self,
        browser: &Browser,
        body: OrganisationCreate,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<OrganisationInfo>, AppError> {
        check_slug("slug", &body.slug)?;
        let name = text::line("name", body.name.as_deref().unwrap_or(&body.slug), 100)?;
        let now = self.now();
        let organisation = Organisation {
            id: OrgId::new(now.as_ms(), self.bits()),
            slug: body.slug,
            name,
            created_at: now,
            deletion: None,
        };
        let owner = browser.acting_as(&Membership {
            organisation: organisation.clone(),
            role: Role::Owner,
        });
        let deed = Deed::new("organisation.create").on(organisation.id);
        self.permit(&owner, Action::UpdateOrganisation, deed).await?;
        let reply = info(organisation.clone(), Role::Owner);
        let entry = idempotency::entry_of_person(key, owner.user, &reply, now)?;
        let new = NewOrganisation {
            organisation,
            by: owner.user,
            most: MOST_ORGANISATIONS,
        };
        match self.ports().identity.create_organisation(new, entry).await? {
            Settled::TooMany => Err(AppError::new(
                ProblemCode::OrganisationLimit,
                format!("You have made {MOST_ORGANISATIONS} organisations that still exist, and that is the limit."),
            )
            .limit(MOST_ORGANISATIONS as u64)),
            other => settled(other, reply, AppError::unauthenticated),
        }
    }
}
