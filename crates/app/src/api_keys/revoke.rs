//! Revokes an API key.

use domain::tenancy::{Action, Actor, authorise};
use protocol::ApiKeyId;

use crate::{App, AppError};

impl App {
    /// From now on the key opens nothing. Revoking it again is fine.
    ///
    /// # Errors
    /// When policy does not allow it or the organisation has no such key.
    pub async fn revoke_api_key(&self, actor: &Actor, id: ApiKeyId) -> Result<(), AppError> {
        authorise(actor, Action::ManageKeys)?;
        if self
            .ports()
            .identity
            .revoke_api_key(actor.org, id, self.now())
            .await?
        {
            Ok(())
        } else {
            Err(AppError::not_found("API key"))
        }
    }
}
