//! Finds out what a repository seems to need. It is cloned and read inside a sandbox that is thrown away; only
//! names and a few manifests come out, and a pure function reads those.

use domain::{
    environment::{detect, wanted_files},
    policy::{Action, authorise},
    tenancy::Actor,
};
use ports::sandbox::ProbeWorkspace;
use protocol::{
    api::{EnvironmentDetect, Secret},
    environment::EnvironmentPlan,
    probe::{Listing, ProbeRequest},
};

use crate::{App, AppError, text, work::Probe};

/// Bounds of what may come out of the sandbox.
const MAX_FILES: u64 = 20_000;
const MAX_FILE_BYTES: u64 = 256 * 1024;
const MAX_OUTPUT: u64 = 32 << 20;

impl App {
    /// # Errors
    /// When policy or the address do not allow it, or the repository cannot be read.
    pub async fn detect_environment(
        &self,
        actor: &Actor,
        body: EnvironmentDetect,
    ) -> Result<EnvironmentPlan, AppError> {
        authorise(actor, Action::CreateSession)?;
        let repository = body.repository.public();
        self.check_repository(&repository).await?;
        let token = body.repository.token.map(|token| token.expose().to_owned());
        if let Some(token) = &token {
            text::secret("repository.token", token, 4096)?;
        }
        let url = self
            .settings()
            .guard
            .clone_url(&repository)
            .unwrap_or_else(|| repository.url.clone());
        let output = self
            .probe(Probe {
                org: actor.org,
                workspace: ProbeWorkspace::Scratch,
                hide: token.iter().map(Secret::new).collect(),
                request: ProbeRequest::Clone {
                    url,
                    reference: repository.reference,
                    token,
                    wanted: wanted_files().into_iter().map(str::to_owned).collect(),
                    max_file_bytes: MAX_FILE_BYTES,
                    max_files: MAX_FILES,
                },
                network: true,
                timeout_ms: self.settings().limits.detect_timeout_ms,
                max_output_bytes: MAX_OUTPUT,
            })
            .await?
            .collect()
            .await?;
        let listing: Listing = serde_json::from_slice(&output).map_err(AppError::internal)?;
        Ok(detect(&listing))
    }
}
