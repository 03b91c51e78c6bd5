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

    /// Whether a runner with this credential may say hello, and whose runner it is.
    ///
    /// # Errors
    /// As for [`Self::connect_runner`].
    pub async fn check_runner(
        &self,
        session: protocol::SessionId,
        generation: u64,
        credential: &str,
    ) -> Result<protocol::OrgId, AppError> {
        Ok(self
            .sessions()
            .check_runner(session, generation, credential)
            .await?)
    }

    /// A hint that a sandbox may have ended.
    pub async fn sandbox_ended(&self, session: protocol::SessionId, generation: u64) {
        self.sessions().sandbox_ended(session, generation).await;
    }
}
