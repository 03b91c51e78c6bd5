//! Sessions that come from elsewhere: their facts are stored as one commit, and only then is there a session.

use std::time::Duration;

use domain::session::State;
use ports::{
    StoreError,
    catalog::{Reserved, SessionRow},
    idempotency::IdempotencyEntry,
    session_log::{Commit, LogEntry},
};
use protocol::{OrgId, SessionId};

use crate::{SessionError, Sessions, View, effects::row};

/// A removal that fails is tried this often; what is left then is named in the log.
const TRIES: u32 = 5;

/// What became of a session that was brought here.
#[derive(Debug, Clone)]
pub enum Adopted {
    New(View),
    /// The idempotency key brought this one before.
    Existing(View),
}

impl Sessions {
    /// All facts after a position, private ones too, in pages. Does not wake the session.
    ///
    /// # Errors
    /// When there is no such session.
    pub async fn facts(
        &self,
        id: SessionId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<LogEntry>, SessionError> {
        let facts = self.log().facts(id, after, limit).await?;
        facts.ok_or(SessionError::NotFound)
    }

    /// Makes a session of facts that happened elsewhere and add up to `state`. Its files have to be in place: from here
    /// on it is there for everybody. The row comes last, with the idempotency key; a session without one is nobody's.
    ///
    /// # Errors
    /// When the key stands for something else, or storage fails. Nothing can be seen then; see [`Self::discard`].
    pub async fn adopt(
        &self,
        facts: Vec<LogEntry>,
        state: State,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Adopted, SessionError> {
        let mut state = state;
        state.log_bytes = facts.iter().map(|fact| fact.body.len() as u64).sum();
        let Some(row) = row(&state) else {
            return Err(StoreError::Invalid("there is no session in the facts".into()).into());
        };
        let (id, org) = (row.id, row.org);
        let snapshot = serde_json::to_vec(&state).map_err(|error| StoreError::Invalid(error.to_string()))?;
        let log = self.log();
        log.create(id).await?;
        let Some(owner) = log.acquire(id).await? else {
            return Err(SessionError::NotFound);
        };
        let commit = Commit {
            entries: facts,
            snapshot: Some(snapshot),
            ..Commit::default()
        };
        log.append(id, owner.epoch, 0, commit).await?;
        log.release(id, owner.epoch).await?;
        let reservation = SessionRow { position: 0, ..row };
        match self.reserve(reservation, idempotency).await? {
            // Waking brings the row up to date.
            Reserved::New => Ok(Adopted::New(self.view(id).await?)),
            Reserved::Conflict => Err(SessionError::IdempotencyConflict),
            Reserved::Existing(other) => {
                let view = self.view(other).await?;
                self.discard(org, id).await;
                Ok(Adopted::Existing(view))
            }
        }
    }

    /// Whether a session is listed, or was being made.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub async fn is_reserved(&self, id: SessionId) -> Result<bool, SessionError> {
        Ok(self.0.ports.catalog.lookup(id).await?.is_some())
    }

    /// Removes what an import that did not get through has left: files, artifacts, log. Never a session with a row.
    pub async fn discard(&self, org: OrgId, id: SessionId) {
        if !matches!(self.is_reserved(id).await, Ok(false)) {
            return;
        }
        let mut pause = Duration::from_millis(100);
        for _ in 0..TRIES {
            match self.remove_files(org, id).await {
                Ok(()) => return,
                Err(cause) => {
                    tracing::warn!(session.id = %id, cause, "what an import left could not be removed yet");
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
            }
        }
    }

    /// Everything of a session but its row and its runs.
    pub(crate) async fn remove_files(&self, org: OrgId, id: SessionId) -> Result<(), String> {
        let ports = &self.0.ports;
        let said = |error: StoreError| error.to_string();
        ports
            .sandboxes
            .destroy(id)
            .await
            .map_err(|error| error.to_string())?;
        ports.artifacts.delete_session(org, id).await.map_err(said)?;
        ports.session_log.delete(id).await.map_err(said)
    }
}
