//! Environments: set-up commands as an organisation defined them, and what a repository seems to need.

mod add;
mod check;
mod delete;
mod detect;
mod list;
mod patch;

use domain::{environment_definition::EnvironmentDefinition, tenancy::Actor};
use protocol::{EnvironmentId, api::Environment};

use crate::{App, AppError};

pub(crate) use check::setup as check_setup;

/// An environment that is known to belong to the actor's organisation. Only [`App::resolve_environment`] makes one.
#[derive(Debug, Clone)]
pub struct OwnEnvironment {
    pub(crate) row: EnvironmentDefinition,
}

impl App {
    /// The environment, if it is the actor's organisation's.
    ///
    /// # Errors
    /// `not_found` for unknown and foreign ones alike.
    pub async fn resolve_environment(
        &self,
        actor: &Actor,
        id: EnvironmentId,
    ) -> Result<OwnEnvironment, AppError> {
        let row = self.ports().tenants.lookup_environment(actor.org, id).await?;
        row.filter(|row| row.org == actor.org)
            .map(|row| OwnEnvironment { row })
            .ok_or_else(|| AppError::not_found("environment"))
    }
}

fn shown(row: EnvironmentDefinition) -> Environment {
    Environment {
        id: row.id,
        name: row.name,
        repository: row.repository,
        setup: row.setup,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
