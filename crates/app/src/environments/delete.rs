//! Deletes an environment. Sessions that exist keep the set-up they were made with.

use domain::tenancy::{Action, Actor, authorise};

use super::OwnEnvironment;
use crate::{App, AppError};

impl App {
    /// # Errors
    /// When policy does not allow it, or it was deleted meanwhile.
    pub async fn delete_environment(&self, actor: &Actor, own: &OwnEnvironment) -> Result<(), AppError> {
        authorise(actor, Action::Configure)?;
        if self
            .ports()
            .tenants
            .delete_environment(own.row.org, own.row.id)
            .await?
        {
            Ok(())
        } else {
            Err(AppError::not_found("environment"))
        }
    }
}
