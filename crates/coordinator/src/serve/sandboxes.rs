//! The local sandbox provider, as configured.

use std::path::PathBuf;

use ::sandboxes::{LocalProvider, LocalSettings};
use anyhow::{Context as _, Result};
use keys::SystemEntropy;
use ports::{Entropy as _, SandboxProvider as _};
use protocol::keeper::{Isolation, IsolationLevel};

use super::agents;
use crate::config::{Config, Environment, MinimumIsolation};

/// Makes the provider; its directories are below `data_dir`.
pub(super) fn provider(
    config: &Config,
    environment: &Environment,
    data_dir: PathBuf,
) -> Result<LocalProvider> {
    let runner = agents::runner().context("coordinator-runner is neither beside this program nor on PATH; install both programs of one build together")?;
    let runner = runner
        .canonicalize()
        .with_context(|| format!("{}", runner.display()))?;
    let mut settings = LocalSettings::new(data_dir, runner, environment.clone());
    settings.agents_dir = agents::find(config)
        .directory
        .map(|path| path.canonicalize().unwrap_or(path));
    settings.toolchains = config.sandbox.toolchains.clone();
    settings.limits = config.sandbox.limits;
    settings.minimum_isolation = match config.sandbox.minimum_isolation {
        MinimumIsolation::Full => IsolationLevel::Full,
        MinimumIsolation::Reduced => IsolationLevel::Reduced,
    };
    LocalProvider::new(settings).context("the directories of sandboxes cannot be made")
}

/// Makes a sandbox somewhere else than in the data directory, to see which isolation there is.
///
/// # Errors
/// When none can be made.
pub(crate) async fn try_isolation(config: &Config, environment: &Environment) -> Result<Isolation> {
    let scratch =
        Scratch(std::env::temp_dir().join(format!("coordinator-doctor-{}", &SystemEntropy.token()[..16])));
    std::fs::create_dir(&scratch.0).with_context(|| format!("{}", scratch.0.display()))?;
    let provider = provider(config, environment, scratch.0.clone())?;
    Ok(provider.isolation().await?)
}

struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
