//! Revokes an invitation.

use domain::{policy::Action, tenancy::Actor};
use protocol::InvitationId;

use crate::{App, AppError, IdempotencyKey, Outcome, idempotency, permit::Deed};

impl App {
    /// From now on its link leads nowhere. A second time is fine.
    ///
    /// # Errors
    /// When policy does not allow it, or the organisation has no such invitation that nobody has accepted.
    pub async fn revoke_invitation(
        &self,
        actor: &Actor,
        id: InvitationId,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        let deed = Deed::new("invitation.revoke").on(id);
        self.permit(actor, Action::ManageMembers, deed).await?;
        let now = self.now();
        let entry = idempotency::entry(key, actor, &(), now)?;
        let identity = &self.ports().identity;
        let written = identity.revoke_invitation(actor.org, id, now, entry).await?;
        idempotency::written(written, (), || AppError::not_found("invitation"))
    }
}
