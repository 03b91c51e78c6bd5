//! Who the credential stands for.

use domain::tenancy::Actor;
use protocol::api::{Me, MeMembership, MeOrganisation, MeUser, Secret};

use crate::{App, AppError};

impl App {
    /// Every actor may know who it is, so there is no policy to check. A key sees its own organisation alone: it
    /// is tied to it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn me(&self, actor: &Actor, csrf_token: Option<Secret>) -> Result<Me, AppError> {
        let identity = &self.ports().identity;
        let memberships = identity.list_memberships(actor.user).await?;
        let organisation = memberships
            .iter()
            .find(|membership| membership.organisation.id == actor.org)
            .map(|membership| MeOrganisation {
                id: membership.organisation.id,
                slug: membership.organisation.slug.clone(),
                name: membership.organisation.name.clone(),
            })
            .ok_or_else(AppError::unauthenticated)?;
        Ok(Me {
            user: MeUser {
                id: actor.user,
                email: actor.email.clone(),
            },
            organisation,
            role: actor.role.as_str().to_owned(),
            api_key_id: actor.api_key,
            scopes: actor
                .scopes
                .iter()
                .map(|scope| scope.as_str().to_owned())
                .collect(),
            csrf_token,
            has_password: identity.password_of(actor.user).await?.is_some(),
            second_factor: identity
                .second_factor(actor.user)
                .await?
                .is_some_and(|factor| factor.confirmed_at.is_some()),
            organisations: memberships
                .into_iter()
                .filter(|membership| actor.api_key.is_none() || membership.organisation.id == actor.org)
                .map(|membership| MeMembership {
                    id: membership.organisation.id,
                    slug: membership.organisation.slug,
                    name: membership.organisation.name,
                    role: membership.role.as_str().to_owned(),
                })
                .collect(),
        })
    }
}
