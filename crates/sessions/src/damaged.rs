//! Sessions whose log cannot be read: the list says so, nobody tries again by himself, and they can be removed.

use std::sync::atomic::Ordering;

use ports::{
    StoreError,
    catalog::{SessionRow, Waiting},
};
use protocol::{SessionId, session::SessionStatus};

use crate::{SessionError, Sessions};

/// The cause that such a session has.
pub const LOG_CORRUPT: &str = "log_corrupt";
/// The same in words.
pub const LOG_CORRUPT_MESSAGE: &str = "The session's log is damaged and is left alone; its operator finds the file with `coordinator doctor`. Other sessions are not concerned.";

impl Sessions {
    /// Takes note if the failure says that the log is damaged.
    pub(crate) async fn note_damage(&self, id: SessionId, error: &SessionError) {
        let SessionError::Store(StoreError::Corrupt(reason)) = error else {
            return;
        };
        tracing::error!(session.id = %id, reason, "a session's log is damaged");
        if let Err(error) = self.show_damage(id).await {
            tracing::warn!(session.id = %id, %error, "the list does not say yet that a session's log is damaged");
        }
    }

    async fn show_damage(&self, id: SessionId) -> Result<(), StoreError> {
        let catalog = &self.0.ports.catalog;
        let Some(row) = catalog.lookup(id).await? else {
            return Ok(());
        };
        // At the position that was known: a log that is put right again has that one, too, and the last word.
        let damaged = SessionRow {
            status: SessionStatus::Failed,
            cause: LOG_CORRUPT.to_owned(),
            message: LOG_CORRUPT_MESSAGE.to_owned(),
            waiting: Waiting::default(),
            ..row.clone()
        };
        if damaged != row {
            catalog.project(damaged).await?;
        }
        // No alarm and no start wakes it: that would only fail again.
        catalog.mark_asleep(id, None).await?;
        self.slot(id).marked.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Removes a session whose log cannot be read, with everything of it: nobody can be asked to do it any more.
    ///
    /// # Errors
    /// When its log can be read, or something of it cannot be removed now.
    pub async fn remove_damaged(&self, id: SessionId) -> Result<(), SessionError> {
        match self.view(id).await {
            Err(SessionError::Store(StoreError::Corrupt(_))) => {}
            Err(error) => return Err(error),
            Ok(_) => return Err(SessionError::Busy),
        }
        let ports = &self.0.ports;
        let Some(row) = ports.catalog.lookup(id).await? else {
            return Err(SessionError::NotFound);
        };
        let unavailable = |cause: String| SessionError::Store(StoreError::Unavailable(cause));
        let running = ports
            .sandboxes
            .list()
            .await
            .map_err(|error| unavailable(error.to_string()))?;
        for sandbox in running.iter().filter(|sandbox| sandbox.session_id == id) {
            ports
                .sandboxes
                .stop(sandbox.sandbox_id, 0)
                .await
                .map_err(|error| unavailable(error.to_string()))?;
        }
        ports.run_history.remove_session(id).await?;
        self.remove_files(row.org, id).await.map_err(unavailable)?;
        ports.catalog.remove(id).await?;
        Ok(())
    }
}
