//! Organisations: making them, naming them, and their way to the end.

mod close;
mod create;
mod delete;
mod erase;
mod list;
mod rename;

use domain::{
    sign_in::Membership,
    tenancy::{Actor, Deletion, Organisation, Role},
};
use ports::identity::Settled;
use protocol::{
    ProblemCode,
    api::{OrganisationDeletion, OrganisationInfo},
};
use serde::de::DeserializeOwned;

use crate::{App, AppError, Outcome, idempotency};

fn info(organisation: Organisation, role: Role) -> OrganisationInfo {
    OrganisationInfo {
        id: organisation.id,
        slug: organisation.slug,
        name: organisation.name,
        role: role.as_str().to_owned(),
        created_at: organisation.created_at,
        deletion: organisation.deletion.map(told),
    }
}

fn told(deletion: Deletion) -> OrganisationDeletion {
    OrganisationDeletion {
        requested_at: deletion.requested_at,
        effective_at: deletion.effective_at,
    }
}

/// As a member sees it.
pub(crate) fn shown(membership: Membership) -> OrganisationInfo {
    info(membership.organisation, membership.role)
}

/// What a write about members came to. `missing` says what it means that it found nothing.
pub(crate) fn settled<T: DeserializeOwned>(
    settled: Settled,
    value: T,
    missing: impl FnOnce() -> AppError,
) -> Result<Outcome<T>, AppError> {
    let refused = match settled {
        Settled::Written(written) => return idempotency::written(written, value, missing),
        Settled::LastOwner => AppError::new(
            ProblemCode::LastOwner,
            "An organisation needs an owner: make somebody else one first.",
        ),
        Settled::Stale => AppError::new(
            ProblemCode::Conflict,
            "Roles have changed since this was asked for. Look at the members again.",
        ),
        Settled::Taken => AppError::new(
            ProblemCode::Conflict,
            "An organisation on this server has that slug already.",
        )
        .field("slug"),
        Settled::TooMany => AppError::new(ProblemCode::Conflict, "There are as many as there may be."),
    };
    Err(refused)
}

impl App {
    /// The actor's organisation.
    async fn organisation_of(&self, actor: &Actor) -> Result<Organisation, AppError> {
        let found = self.ports().identity.lookup_organisation(actor.org).await?;
        found.ok_or_else(|| AppError::not_found("organisation"))
    }
}
