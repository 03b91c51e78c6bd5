//! Who the credential stands for.

use domain::tenancy::Actor;
use protocol::{
    UserId,
    api::{Me, MeMembership, MeOrganisation, MeUser, Secret},
};

use super::Browser;
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
            organisation: Some(organisation),
            role: Some(actor.role.as_str().to_owned()),
            api_key_id: actor.api_key,
            scopes: actor
                .scopes
                .iter()
                .map(|scope| scope.as_str().to_owned())
                .collect(),
            csrf_token,
            has_password: identity.password_of(actor.user).await?.is_some(),
            second_factor: self.has_second_factor(actor.user).await?,
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

    /// The same for a person who belongs to no organisation.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn me_nowhere(&self, browser: &Browser) -> Result<Me, AppError> {
        let user = browser.user();
        Ok(Me {
            user: MeUser {
                id: user.id,
                email: user.email.clone(),
            },
            organisation: None,
            role: None,
            api_key_id: None,
            scopes: Vec::new(),
            csrf_token: Some(browser.csrf_token()),
            has_password: self.ports().identity.password_of(user.id).await?.is_some(),
            second_factor: self.has_second_factor(user.id).await?,
            organisations: Vec::new(),
        })
    }

    async fn has_second_factor(&self, user: UserId) -> Result<bool, AppError> {
        let factor = self.ports().identity.second_factor(user).await?;
        Ok(factor.is_some_and(|factor| factor.confirmed_at.is_some()))
    }
}
