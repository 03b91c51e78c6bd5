//! The session's workspace as an archive.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use ports::sandbox::ProbeWorkspace;
use protocol::probe::ProbeRequest;

use super::{Probe, WorkStream};
use crate::{App, AppError, sessions::OwnSession};

impl App {
    /// A tar stream, with or without the repository's `.git`.
    ///
    /// # Errors
    /// When policy does not allow it, or there is no workspace yet.
    pub async fn session_archive(
        &self,
        actor: &Actor,
        own: &OwnSession,
        with_git: bool,
    ) -> Result<WorkStream, AppError> {
        authorise(actor, Action::ReadSessions)?;
        self.probe(Probe {
            org: actor.org,
            workspace: ProbeWorkspace::Session(own.id()),
            request: ProbeRequest::Archive { with_git },
            hide: self.hidden_in_work(own.id()).await?,
            network: false,
            timeout_ms: 900_000,
            max_output_bytes: self.settings().limits.archive_bytes,
        })
        .await
    }
}
