//! Takes a secret in.

use domain::{
    policy::Action,
    secret::{EnvironmentSecret, size},
    tenancy::Actor,
};
use protocol::{
    ProblemCode, SecretId,
    api::{SecretCreate, SecretInfo, SecretScope},
};
use secrecy::SecretString;

use super::{binding, check, shown};
use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, permit::Deed};

impl App {
    /// Sandboxes get it from their next phase on.
    ///
    /// # Errors
    /// When policy or a field do not allow it, the scope has one of this name, or has no room.
    pub async fn add_secret(
        &self,
        actor: &Actor,
        body: SecretCreate,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<SecretInfo>, AppError> {
        let now = self.now();
        let id = SecretId::new(now.as_ms(), self.bits());
        self.permit(actor, Action::ManageSecrets, Deed::new("secret.create").on(id))
            .await?;
        check::name(&body.name)?;
        check::value(body.value.expose())?;
        if let SecretScope::EnvironmentId(id) = body.scope {
            self.resolve_environment(actor, id)
                .await
                .map_err(no_environment)?;
        }
        let sealed = self
            .ports()
            .master_key
            .seal(&binding(actor.org, id), &SecretString::from(body.value.expose()))
            .await?;
        let row = EnvironmentSecret {
            id,
            org: actor.org,
            scope: body.scope,
            size: size(&body.name, body.value.expose()),
            name: body.name,
            phase: body.phase,
            sealed,
            created_at: now,
            updated_at: now,
        };
        let reply = shown(row.clone());
        let entry = idempotency::entry(key, actor, &reply, now)?;
        let written = self.ports().tenants.add_secret(row, entry).await?;
        check::written(written, reply, || {
            AppError::new(
                ProblemCode::Conflict,
                "There is a secret of this name in this scope already; change it with PATCH, or delete it.",
            )
            .field("name")
        })
    }
}

/// In a body, what is not there is a wrong field and not a wrong address.
fn no_environment(error: AppError) -> AppError {
    if error.code == ProblemCode::NotFound {
        AppError::invalid("scope", "There is no such environment in this organisation.")
    } else {
        error
    }
}
