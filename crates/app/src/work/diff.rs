//! The session's work as a patch.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use ports::sandbox::ProbeWorkspace;
use protocol::probe::ProbeRequest;

use super::{Probe, WorkStream};
use crate::{App, AppError, sessions::OwnSession};

impl App {
    /// Since the base commit: committed and not, new files too.
    ///
    /// # Errors
    /// When policy does not allow it, or there is no workspace yet.
    pub async fn session_diff(&self, actor: &Actor, own: &OwnSession) -> Result<WorkStream, AppError> {
        authorise(actor, Action::ReadSessions)?;
        self.probe(Probe {
            org: actor.org,
            workspace: ProbeWorkspace::Session(own.id()),
            request: ProbeRequest::Diff,
            hide: self.hidden_in_work(own.id()).await?,
            network: false,
            timeout_ms: 120_000,
            max_output_bytes: self.settings().limits.diff_bytes,
        })
        .await
    }
}
