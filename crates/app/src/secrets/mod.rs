//! Environment secrets: variables of sandboxes that go in and never come out again.

mod add;
mod check;
mod delete;
mod deliver;
mod list;
mod patch;

use domain::{sealed::Binding, secret::EnvironmentSecret, tenancy::Actor};
use protocol::{OrgId, SecretId, api::SecretInfo};

use crate::{App, AppError};

pub use deliver::SecretsRequest;

/// A secret that is known to belong to the actor's organisation. Only [`App::resolve_secret`] makes one.
#[derive(Debug, Clone)]
pub struct OwnSecret {
    row: EnvironmentSecret,
}

/// What a sealed secret is bound to.
pub(crate) fn binding(org: OrgId, id: SecretId) -> Binding {
    Binding {
        org,
        row: id.to_string(),
        purpose: "environment_secret",
    }
}

impl App {
    /// The secret, if it is the actor's organisation's.
    ///
    /// # Errors
    /// `not_found` for unknown and foreign ones alike.
    pub async fn resolve_secret(&self, actor: &Actor, id: SecretId) -> Result<OwnSecret, AppError> {
        let row = self.ports().tenants.lookup_secret(actor.org, id).await?;
        row.filter(|row| row.org == actor.org)
            .map(|row| OwnSecret { row })
            .ok_or_else(|| AppError::not_found("secret"))
    }
}

fn shown(row: EnvironmentSecret) -> SecretInfo {
    SecretInfo {
        id: row.id,
        name: row.name,
        scope: row.scope,
        phase: row.phase,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
