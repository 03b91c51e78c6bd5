//! Deletes a model provider with its sealed key.

use domain::tenancy::{Action, Actor, authorise};

use super::OwnModelProvider;
use crate::{App, AppError};

impl App {
    /// Sessions that use it fail their next model call with a stated reason.
    ///
    /// # Errors
    /// When policy does not allow it, or it was deleted meanwhile.
    pub async fn delete_model_provider(&self, actor: &Actor, own: &OwnModelProvider) -> Result<(), AppError> {
        authorise(actor, Action::Configure)?;
        if self
            .ports()
            .tenants
            .delete_model_provider(own.row.org, own.row.id)
            .await?
        {
            Ok(())
        } else {
            Err(AppError::not_found("model provider"))
        }
    }
}
