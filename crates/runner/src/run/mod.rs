//! The runner proper: connects first, prepares the workspace, starts the agent, then passes commands in and
//! signals out until it is told to stop.

mod inbox;
mod session;
mod start;

use std::{sync::Arc, time::Duration};

use agents::AgentDriver;
use protocol::runner::{RUNNER_PROTOCOL, RunnerStart};

use crate::{
    artifacts::{self, Artifacts},
    credential::{Broker, Scope},
    entropy,
    model::Endpoint,
    repository::{Remote, config_env},
    settings::Settings,
    spool::{Limits, Spool},
    uplink::{Address, Identity, Uplink},
};
use session::Session;

/// What the process ends with.
pub mod exit {
    pub const DONE: u8 = 0;
    pub const FAILED: u8 = 1;
    /// The server does not want this generation any more.
    pub const FENCED: u8 = 3;
}

/// Finds the driver of an agent by its name.
pub type FindDriver = fn(&str) -> Option<Arc<dyn AgentDriver>>;

/// Longest wait for the server to take the last reports.
const FLUSH: Duration = Duration::from_secs(3);

/// Why the runner could not even begin.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("the server speaks version {0} of the runner protocol, this runner {RUNNER_PROTOCOL}")]
    Protocol(u32),
    #[error(transparent)]
    Address(#[from] crate::uplink::InvalidAddress),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Runs until shut down, fenced, or `stop` is ready. Returns the exit code.
///
/// # Errors
/// When the runner cannot begin at all.
pub async fn run(
    start: RunnerStart,
    settings: Settings,
    find: FindDriver,
    stop: impl Future<Output = ()>,
) -> Result<u8, RunError> {
    if start.protocol != RUNNER_PROTOCOL {
        return Err(RunError::Protocol(start.protocol));
    }
    let spool = Spool::open(
        &settings.state_dir().join("spool"),
        start.generation,
        Limits::default(),
    )?;
    let identity = Identity {
        address: Address::parse(&start.uplink)?,
        session_id: start.session_id,
        sandbox_id: start.sandbox_id,
        generation: start.generation,
        token: start.token,
        secret: entropy::secret()?,
    };
    let (uplink, running) = Uplink::start(identity, spool);
    let endpoint = Endpoint::start(uplink.clone()).await?;
    uplink.hide(endpoint.key());
    let broker = Broker::start(
        &settings.runtime_dir,
        uplink.clone(),
        scope(&start.plan).filter(|_| start.plan.has_credential),
    )?;
    let credential_config = broker.git_config(&settings.program);
    let mut agent_env = settings.env.clone();
    agent_env.insert("GIT_TERMINAL_PROMPT".into(), "0".into());
    config_env(&mut agent_env, &credential_config);

    let artifacts = Artifacts::new(uplink.clone(), &settings.home);
    artifacts.prepare().await;
    if let Some(path) = artifacts::directory(&settings.home).to_str() {
        agent_env.insert(artifacts::VARIABLE.into(), path.to_owned());
    }
    let session = Session::new(
        uplink.clone(),
        find,
        settings,
        start.agent,
        start.plan,
        agent_env,
        credential_config,
    )
    .with_model(endpoint.url(), endpoint.key().to_owned())
    .with_artifacts(artifacts);
    let code = session.run(running, stop).await;
    if code == exit::DONE && !uplink.flush(FLUSH).await {
        tracing::warn!("the server did not take the last reports in time");
    }
    Ok(code)
}

/// The one host that credentials are asked for; none without a repository of ours to clone.
fn scope(plan: &protocol::runner::WorkspacePlan) -> Option<Scope> {
    let outside = Remote::parse(&plan.repository.as_ref()?.url).ok()?;
    let inside = match &plan.clone_url {
        Some(url) => Remote::parse(url).ok()?,
        None => outside.clone(),
    };
    Some(Scope { inside, outside })
}
