//! Who the credential stands for.

use domain::tenancy::Actor;
use protocol::api::{Me, MeOrganisation, MeUser};

use crate::{App, AppError};

impl App {
    /// Every actor may know who it is, so there is no policy to check.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn me(&self, actor: &Actor) -> Result<Me, AppError> {
        let organisation = self
            .ports()
            .identity
            .lookup_organisation(actor.org)
            .await?
            .ok_or_else(AppError::unauthenticated)?;
        Ok(Me {
            user: MeUser {
                id: actor.user,
                email: actor.email.clone(),
            },
            organisation: MeOrganisation {
                id: organisation.id,
                slug: organisation.slug,
            },
            role: actor.role.as_str().to_owned(),
            api_key_id: actor.api_key,
            scopes: actor
                .scopes
                .iter()
                .map(|scope| scope.as_str().to_owned())
                .collect(),
        })
    }
}
