//! Makes a service account.

use domain::{policy::Action, tenancy};
use protocol::{
    UserId,
    api::{ServiceAccount, ServiceAccountCreate},
};

use super::{MOST, role, shown};
use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, limits, permit::Deed, text};

impl App {
    /// # Errors
    /// When policy, name, role or the number of accounts or members do not allow it.
    pub async fn create_service_account(
        &self,
        actor: &tenancy::Actor,
        body: ServiceAccountCreate,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<ServiceAccount>, AppError> {
        self.permit(
            actor,
            Action::ManageServiceAccounts,
            Deed::new("service_account.create"),
        )
        .await?;
        let now = self.now();
        let row = tenancy::ServiceAccount {
            id: UserId::new(now.as_ms(), self.bits()),
            org: actor.org,
            name: text::line("name", &body.name, 100)?,
            role: role(actor, body.role.as_deref().unwrap_or("member"))?,
            created_at: now,
        };
        self.check_members(actor.org).await?;
        let reply = shown(row.clone());
        let entry = idempotency::entry(key, actor, &reply, now)?;
        let identity = &self.ports().identity;
        let written = identity.add_service_account(row, MOST, entry).await?;
        idempotency::written(written, reply, || limits::full("service accounts", MOST, false))
    }
}
