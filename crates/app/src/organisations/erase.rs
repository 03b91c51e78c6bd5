//! Erases organisations whose time of grace is over.
//!
//! Nobody is left to act in it from the first step on, and its row goes last: a crash anywhere leaves a row that says
//! so, and the next sweep does all steps again. Each of them can be repeated.

use ::sessions::SessionError;
use domain::session::Command;
use ports::{StoreError, catalog::SessionFilter};
use protocol::{OrgId, SessionId};

use crate::{App, AppError, identity::Ended};

/// Organisations of one sweep.
const MOST: usize = 1_000;
/// Sessions looked at in one go.
const PAGE: usize = 50;

impl App {
    /// Erases what is due; answers how many organisations are gone. Failures are logged; the next sweep tries again.
    pub async fn erase_organisations(&self) -> u64 {
        let due = match self.ports().identity.due_deletions(self.now(), MOST).await {
            Ok(due) => due,
            Err(error) => {
                tracing::warn!(%error, "organisations to be erased cannot be looked for");
                return 0;
            }
        };
        let mut gone = 0;
        for org in due {
            match self.erase_organisation(org).await {
                Ok(true) => {
                    gone += 1;
                    tracing::info!(org.id = %org, "an organisation is erased");
                }
                Ok(false) => {
                    tracing::info!(org.id = %org, "an organisation is being erased; something of it is left");
                }
                Err(error) => {
                    let cause = error.cause.as_ref().map(ToString::to_string);
                    tracing::warn!(org.id = %org, code = error.code.slug(), cause, "an organisation cannot be erased now");
                }
            }
        }
        gone
    }

    /// All steps in their order. False: not due any more, or something is left for the next time.
    async fn erase_organisation(&self, org: OrgId) -> Result<bool, AppError> {
        let ports = self.ports();
        if !ports.identity.begin_erasure(org, self.now()).await? {
            return Ok(false);
        }
        self.tell_ended(Ended::Organisation(org));
        // First of all what opens anything: from here on no copy of the data directory gives a secret away.
        self.shred_secrets(org).await?;
        let left = self.erase_sessions(org).await?;
        self.erase_configuration(org).await?;
        if left {
            return Ok(false);
        }
        ports.event_bus.forget_organisation(org).await?;
        // Last of what can be read: until here it says what was done to the organisation.
        ports.audit.forget(org).await?;
        ports.identity.finish_erasure(org).await?;
        Ok(true)
    }

    /// Destroys the key that the organisation's secrets are sealed under.
    async fn shred_secrets(&self, org: OrgId) -> Result<(), AppError> {
        Ok(self.ports().master_key.shred(org).await?)
    }

    /// Deletes its sessions as a person would; says whether there are any left. What a session leaves (runs, artifacts,
    /// workspace) is removed in the background, and its row goes last.
    async fn erase_sessions(&self, org: OrgId) -> Result<bool, AppError> {
        let all = SessionFilter {
            include_archived: true,
            include_reserved: true,
            ..SessionFilter::default()
        };
        let mut after = None;
        loop {
            let catalog = &self.ports().catalog;
            let page = catalog.list(org, all.clone(), after, PAGE).await?;
            for row in page.items {
                if let Err(error) = self.erase_session(org, row.id).await {
                    tracing::warn!(session.id = %row.id, %error, "a session of an organisation that is erased cannot be deleted now");
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let rest = self.ports().catalog.list(org, all, None, 1).await?;
        Ok(!rest.items.is_empty())
    }

    async fn erase_session(&self, org: OrgId, id: SessionId) -> Result<(), SessionError> {
        let sessions = self.sessions();
        match sessions.command(id, Command::Delete { by: None }, None).await {
            Ok(_) => Ok(()),
            // A row without a log: nobody else would take it away.
            Err(SessionError::NotFound) => {
                let ports = self.ports();
                ports.run_history.remove_session(id).await?;
                ports.artifacts.delete_session(org, id).await?;
                ports.catalog.remove(id).await?;
                Ok(())
            }
            Err(SessionError::Store(StoreError::Corrupt(_))) => sessions.remove_damaged(id).await,
            Err(error) => Err(error),
        }
    }

    async fn erase_configuration(&self, org: OrgId) -> Result<(), AppError> {
        let tenants = &self.ports().tenants;
        for row in tenants.list_model_providers(org).await? {
            tenants.delete_model_provider(org, row.id, None).await?;
        }
        for row in tenants.list_environments(org).await? {
            tenants.delete_environment(org, row.id, None).await?;
        }
        for row in tenants.list_secrets(org).await? {
            tenants.delete_secret(org, row.id, None).await?;
        }
        Ok(())
    }
}
