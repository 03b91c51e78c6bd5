//! OpenCode, driven through its own HTTP server and event stream.

mod actor;
mod agent;
mod attachments;
mod calls;
mod config;
mod failure;
#[cfg(test)]
mod fake;
mod http;
mod parts;
mod process;
mod prompt;
mod sse;
#[cfg(test)]
mod tests;
mod turn;
mod wire;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::sync::mpsc;

use crate::{Agent, AgentDriver, DriverError, Launch, Ready, Signal, random, redact::Redactor};

/// How long OpenCode is given before the driver decides for it.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Tries of one model call after the first, before the turn is given up.
    pub retries: u32,
    /// Time that such tries may take together.
    pub retry_time: Duration,
    /// For an abort to be confirmed, before the process is killed.
    pub abort: Duration,
    /// For a turn to look finished while the agent is idle, before it is called over as it is.
    pub settle: Duration,
    /// The same for a turn that is being aborted: one that was aborted before the agent wrote its first answer down
    /// never looks finished. Shorter than `abort`, or the process would be killed for it.
    pub settle_aborted: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            retries: 6,
            retry_time: Duration::from_secs(180),
            abort: Duration::from_secs(10),
            settle: Duration::from_secs(20),
            settle_aborted: Duration::from_secs(2),
        }
    }
}

/// Driver of OpenCode (at least 1.18.18: older ones forget old sessions).
#[derive(Debug, Clone, Default)]
pub struct OpenCode {
    pub limits: Limits,
}

impl OpenCode {
    pub(crate) const NAME: &'static str = "opencode";
}

#[async_trait]
impl AgentDriver for OpenCode {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn start(
        &self,
        launch: Launch,
        signals: mpsc::Sender<Signal>,
    ) -> Result<(Ready, Arc<dyn Agent>), DriverError> {
        let refused = |message: String| DriverError::Start {
            message,
            stderr_tail: String::new(),
        };
        let password = random::word().map_err(|error| refused(format!("no randomness: {error}")))?;
        let mark = random::word().map_err(|error| refused(format!("no randomness: {error}")))?;
        let redactor = Redactor::new([password.clone(), launch.model_key.clone()], &launch.env);
        config::prepare_home(&launch.home)
            .map_err(|error| refused(format!("its home cannot be prepared: {error}")))?;
        let env = config::environment(&launch, &password, &mark).map_err(refused)?;
        let mut process = process::Process::start(&launch, env, mark, redactor.clone()).await?;
        let client = http::Client::new(process.address, &password);
        match actor::begin(&client, &launch).await {
            Ok((ready, seen, events)) => {
                let handle = actor::spawn(
                    self.limits,
                    launch,
                    ready.clone(),
                    seen,
                    events,
                    client,
                    process,
                    redactor,
                    signals,
                );
                Ok((ready, Arc::new(handle)))
            }
            Err(message) => {
                process.stop().await;
                Err(DriverError::Start {
                    message,
                    stderr_tail: process.tail(),
                })
            }
        }
    }
}
