//! Defines an environment.

use domain::{environment_definition::EnvironmentDefinition, policy::Action, tenancy::Actor};
use protocol::{
    EnvironmentId, ProblemCode,
    api::{Environment, EnvironmentCreate},
    session::Repository,
};

use super::{check, shown};
use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, permit::Deed, text};

impl App {
    /// # Errors
    /// When policy or a field do not allow it.
    pub async fn add_environment(
        &self,
        actor: &Actor,
        body: EnvironmentCreate,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<Environment>, AppError> {
        self.permit(actor, Action::Configure, Deed::new("environment.create"))
            .await?;
        let name = text::line("name", &body.name, 100)?;
        check::setup(&body.setup)?;
        let repository = body.repository.map(Repository::from);
        if let Some(repository) = &repository {
            self.check_repository(repository).await?;
        }
        let now = self.now();
        let row = EnvironmentDefinition {
            id: EnvironmentId::new(now.as_ms(), self.bits()),
            org: actor.org,
            name,
            repository,
            setup: body.setup,
            created_at: now,
            updated_at: now,
        };
        let reply = shown(row.clone());
        let entry = idempotency::entry(key, actor, &reply, now)?;
        let written = self.ports().tenants.add_environment(row, entry).await?;
        let outcome = idempotency::written(written, reply, || {
            AppError::new(ProblemCode::Conflict, "There is such an environment already.").field("name")
        })?;
        let made = &outcome.value;
        self.tell_environment(actor, made.id, "created", Some(made.created_at))
            .await;
        Ok(outcome)
    }
}
