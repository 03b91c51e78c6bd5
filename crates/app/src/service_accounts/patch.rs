//! Changes name or role of a service account.

use domain::{policy::Action, tenancy::Actor};
use protocol::api::{ServiceAccount, ServiceAccountPatch};

use super::{OwnServiceAccount, role, shown};
use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, permit::Deed, text};

impl App {
    /// Its keys may do from now on what the role lets them.
    ///
    /// # Errors
    /// When policy or a field do not allow it.
    pub async fn patch_service_account(
        &self,
        actor: &Actor,
        own: OwnServiceAccount,
        body: ServiceAccountPatch,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<ServiceAccount>, AppError> {
        let mut row = own.row;
        self.permit(
            actor,
            Action::ManageServiceAccounts,
            Deed::new("service_account.update").on(row.id),
        )
        .await?;
        if let Some(name) = body.name {
            row.name = text::line("name", &name, 100)?;
        }
        if let Some(word) = body.role {
            row.role = role(actor, &word)?;
        }
        let reply = shown(row.clone());
        let entry = idempotency::entry(key, actor, &reply, self.now())?;
        let identity = &self.ports().identity;
        let written = identity.update_service_account(row, entry).await?;
        idempotency::written(written, reply, || AppError::not_found("service account"))
    }
}
