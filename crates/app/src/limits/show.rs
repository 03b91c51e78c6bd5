//! Shows an organisation its limits and how much of them is used.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::api::{OrgLimits, OrgQuotas, QuotaUse, RequestLimit};

use crate::{App, AppError};

impl App {
    /// # Errors
    /// When policy does not allow it, or a store does not answer.
    pub async fn limits(&self, actor: &Actor) -> Result<OrgLimits, AppError> {
        authorise(actor, Action::ReadOrganisation)?;
        let usage = self.ports().catalog.usage(actor.org).await?;
        let members = self.ports().identity.count_members(actor.org).await?;
        let limiter = self.limiter();
        let requests = limiter.left(actor.org, self.now());
        let quotas = &limiter.quotas;
        let of = |limit, used| QuotaUse { limit, used };
        Ok(OrgLimits {
            organisation_id: actor.org,
            requests: RequestLimit {
                per_s: requests.rate.per_s(),
                burst: requests.rate.burst(),
                remaining: requests.level.remaining,
            },
            quotas: OrgQuotas {
                sessions: of(quotas.sessions, usage.sessions),
                sandboxes: of(quotas.sandboxes, usage.awake),
                turns: of(quotas.turns, usage.busy),
                members: of(quotas.members, members),
                sockets: of(quotas.sockets, limiter.sockets.open(actor.org)),
                storage: of(quotas.storage, usage.bytes),
            },
        })
    }
}
