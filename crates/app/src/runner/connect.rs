//! Lets a runner in.

use ::sessions::{RunnerHello, RunnerLink};

use crate::{App, AppError};

impl App {
    /// The session itself checks the credential.
    ///
    /// # Errors
    /// When the session is unknown, the generation is over or the credential is not its own.
    pub async fn connect_runner(&self, hello: RunnerHello) -> Result<RunnerLink, AppError> {
        Ok(self.sessions().connect_runner(hello).await?)
    }

    /// A hint that a sandbox may have ended.
    pub async fn sandbox_ended(&self, session: protocol::SessionId, generation: u64) {
        self.sessions().sandbox_ended(session, generation).await;
    }
}
