//! How far the run history is behind, for those who operate the server.

use ::sessions::RunLag;

use crate::App;

impl App {
    /// `None` when the store does not say.
    pub async fn run_lag(&self) -> Option<RunLag> {
        self.sessions().run_lag().await.ok()
    }
}
