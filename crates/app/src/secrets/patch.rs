//! Changes a secret: another value, another phase.

use domain::{policy::Action, secret::size, tenancy::Actor};
use protocol::api::{SecretInfo, SecretPatch};
use secrecy::SecretString;

use super::{OwnSecret, binding, check, shown};
use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, permit::Deed};

impl App {
    /// Sandboxes that run keep what they were given; the next one gets what is new.
    ///
    /// # Errors
    /// When policy or a field do not allow it, or the scope has no room.
    pub async fn patch_secret(
        &self,
        actor: &Actor,
        own: OwnSecret,
        body: SecretPatch,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<SecretInfo>, AppError> {
        let mut row = own.row;
        self.permit(
            actor,
            Action::ManageSecrets,
            Deed::new("secret.update").on(row.id),
        )
        .await?;
        if let Some(value) = body.value {
            check::value(value.expose())?;
            row.size = size(&row.name, value.expose());
            row.sealed = self
                .ports()
                .master_key
                .seal(&binding(row.org, row.id), &SecretString::from(value.expose()))
                .await?;
        }
        if let Some(phase) = body.phase {
            row.phase = phase;
        }
        row.updated_at = self.now();
        let reply = shown(row.clone());
        let entry = idempotency::entry(key, actor, &reply, row.updated_at)?;
        let written = self.ports().tenants.update_secret(row, entry).await?;
        check::written(written, reply, || AppError::not_found("secret"))
    }
}
