//! Service accounts: users that are programs. They belong to one organisation and cannot sign in; keys made for them
//! outlive whoever made them.

mod create;
mod delete;
mod list;
mod patch;

use domain::tenancy::{Actor, Role, ServiceAccount};
use protocol::{UserId, api};

use crate::{App, AppError};

/// An organisation has at most this many.
const MOST: u64 = 100;

/// A service account that is known to belong to the actor's organisation. Only [`App::resolve_service_account`] makes
/// one.
#[derive(Debug, Clone)]
pub struct OwnServiceAccount {
    pub(crate) row: ServiceAccount,
}

impl App {
    /// The account, if it is the actor's organisation's.
    ///
    /// # Errors
    /// `not_found` for unknown and foreign ones alike, and for people.
    pub async fn resolve_service_account(
        &self,
        actor: &Actor,
        id: UserId,
    ) -> Result<OwnServiceAccount, AppError> {
        let accounts = self.ports().identity.list_service_accounts(actor.org).await?;
        accounts
            .into_iter()
            .find(|account| account.id == id && account.org == actor.org)
            .map(|row| OwnServiceAccount { row })
            .ok_or_else(|| AppError::not_found("service account"))
    }
}

/// A role that a program may have, and that the actor may give.
fn role(actor: &Actor, word: &str) -> Result<Role, AppError> {
    let role = word.parse::<Role>().ok().filter(|role| *role < Role::Owner);
    role.filter(|role| *role <= actor.role).ok_or_else(|| {
        AppError::invalid(
            "role",
            "`role` may be viewer, member or admin: a program owns nothing.",
        )
    })
}

fn shown(row: ServiceAccount) -> api::ServiceAccount {
    api::ServiceAccount {
        id: row.id,
        kind: "service".to_owned(),
        name: row.name,
        role: row.role.as_str().to_owned(),
        created_at: row.created_at,
    }
}
