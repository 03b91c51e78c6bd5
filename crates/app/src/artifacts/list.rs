//! What a session has left behind.

use std::{ops::Bound, sync::Arc};

use domain::{
    policy::{Action, authorise},
    session::{Life, State},
    tenancy::Actor,
};
use protocol::{
    ArtifactId, ProblemCode, SessionId,
    api::{Artifact, ListPage},
};

use crate::{App, AppError, ListQuery, paging, sessions::OwnSession};

impl App {
    /// Oldest first. The cursor is the id of the last artifact shown.
    ///
    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn list_artifacts(
        &self,
        actor: &Actor,
        own: &OwnSession,
        query: &ListQuery,
    ) -> Result<ListPage<Artifact>, AppError> {
        authorise(actor, Action::ReadSessions)?;
        let limit = paging::limit(query.limit, paging::DEFAULT_LIMIT, paging::MAX_LIMIT)?;
        let after = match &query.cursor {
            Some(cursor) => Bound::Excluded(cursor.parse::<ArtifactId>().map_err(|_| malformed())?),
            None => Bound::Unbounded,
        };
        let state = self.present(own.id()).await?;
        let mut rest = state
            .artifacts
            .range((after, Bound::Unbounded))
            .map(|(_, one)| one.clone());
        let items: Vec<Artifact> = rest.by_ref().take(limit).collect();
        let more = rest.next().is_some();
        let next_cursor = items.last().filter(|_| more).map(|last| last.id.to_string());
        Ok(ListPage { items, next_cursor })
    }

    /// The session, unless it is only being removed.
    async fn present(&self, session: SessionId) -> Result<Arc<State>, AppError> {
        let state = self.sessions().view(session).await?.state;
        if state.life == Life::Deleted {
            return Err(AppError::not_found("session"));
        }
        Ok(state)
    }

    /// One that the session has.
    pub(super) async fn known_artifact(
        &self,
        session: SessionId,
        id: ArtifactId,
    ) -> Result<Artifact, AppError> {
        let known = self.present(session).await?.artifacts.get(&id).cloned();
        known.ok_or_else(|| AppError::not_found("artifact"))
    }
}

fn malformed() -> AppError {
    AppError::new(
        ProblemCode::InvalidCursor,
        "`cursor` must be a `next_cursor` of this list.",
    )
    .field("cursor")
}
