//! Changes an environment. Sessions that exist keep the set-up they were made with.

use domain::{policy::Action, tenancy::Actor};
use protocol::{
    api::{Environment, EnvironmentPatch},
    session::Repository,
};

use super::{OwnEnvironment, check, shown};
use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, permit::Deed, text};

impl App {
    /// # Errors
    /// When policy or a field do not allow it.
    pub async fn patch_environment(
        &self,
        actor: &Actor,
        own: OwnEnvironment,
        body: EnvironmentPatch,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<Environment>, AppError> {
        self.permit(
            actor,
            Action::Configure,
            Deed::new("environment.update").on(own.row.id),
        )
        .await?;
        let mut row = own.row;
        if let Some(name) = body.name {
            row.name = text::line("name", &name, 100)?;
        }
        if let Some(repository) = body.repository {
            row.repository = repository.map(Repository::from);
            if let Some(repository) = &row.repository {
                self.check_repository(repository).await?;
            }
        }
        if let Some(setup) = body.setup {
            check::setup(&setup)?;
            row.setup = setup;
        }
        row.updated_at = self.now();
        let reply = shown(row.clone());
        let entry = idempotency::entry(key, actor, &reply, row.updated_at)?;
        let written = self.ports().tenants.update_environment(row, entry).await?;
        let outcome = idempotency::written(written, reply, || AppError::not_found("environment"))?;
        let changed = &outcome.value;
        self.tell_environment(actor, changed.id, "updated", Some(changed.updated_at))
            .await;
        Ok(outcome)
    }
}
