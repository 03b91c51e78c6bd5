//! Brings the agent up: workspace first, then the driver.

use std::{sync::Arc, time::Duration};

use agents::{Agent, AgentDriver, DriverError, Launch, Ready, Signal};
use protocol::{runner::WorkPhase, session::TurnError};
use tokio::{sync::mpsc, time::timeout};

use crate::{
    clock::Stopwatch,
    tail::{clip, readable},
    uplink::Uplink,
    workspace::{Preparation, Reporter, SECRETS_LIMIT, secrets_missing},
};

/// A cold agent takes seconds; one that says nothing for this long will not come up.
const START_LIMIT: Duration = Duration::from_secs(120);

/// A started agent.
pub(super) struct Up {
    pub(super) agent: Arc<dyn Agent>,
    pub(super) ready: Ready,
    pub(super) elapsed_ms: u64,
}

/// Prepares the workspace, when that is still to be done, and starts the agent.
pub(super) async fn bring_up(
    uplink: Uplink,
    preparation: Option<Arc<Preparation>>,
    driver: Arc<dyn AgentDriver>,
    mut launch: Launch,
    signals: mpsc::Sender<Signal>,
) -> Result<Up, TurnError> {
    if let Some(preparation) = preparation {
        let connected = Reporter::start(&uplink, "connect", None).await;
        uplink.first_contact().await;
        connected.completed(None).await;
        preparation.run().await.map_err(|error| error.turn_error())?;
    }
    let name = driver.name();
    let clock = Stopwatch::start();
    let phase = Reporter::start(&uplink, "agent", Some(name)).await;
    let Some(secrets) = uplink.secrets(WorkPhase::Agent, SECRETS_LIMIT).await else {
        let error = secrets_missing("agent");
        phase.failed(&error.message).await;
        return Err(error);
    };
    let secrets = secrets.into_iter();
    launch
        .env
        .extend(secrets.map(|secret| (secret.name, secret.value.expose().to_owned())));
    let started = match timeout(START_LIMIT, driver.start(launch, signals)).await {
        Ok(started) => started,
        Err(_) => Err(DriverError::Start {
            message: format!("it was not ready after {} s", START_LIMIT.as_secs()),
            stderr_tail: String::new(),
        }),
    };
    match started {
        Ok((ready, agent)) => {
            phase.completed(Some(&format!("{name} {}", ready.version))).await;
            Ok(Up {
                agent,
                ready,
                elapsed_ms: clock.elapsed_ms(),
            })
        }
        Err(error) => {
            phase.failed(&error.to_string()).await;
            Err(start_failed(name, &error))
        }
    }
}

fn start_failed(agent: &str, error: &DriverError) -> TurnError {
    let detail = match error {
        DriverError::Start { stderr_tail, .. } => readable(stderr_tail),
        DriverError::Refused(_) | DriverError::Gone => String::new(),
    };
    let skipped = detail.len() - clip(&detail, detail.len().saturating_sub(8 * 1024)).len();
    let detail = detail[detail.len() - skipped..].to_owned();
    TurnError {
        code: "agent_start_failed".into(),
        message: format!(
            "The agent `{agent}` did not start: {}.",
            readable(&error.to_string())
        ),
        next_step:
            "Send the prompt again to retry; `coordinator doctor` tells whether the agent is installed."
                .into(),
        detail: (!detail.is_empty()).then_some(detail),
    }
}
