//! Effects on a session's sandbox, one after another, in the order of their commits.

use std::{sync::atomic::Ordering, time::Duration};

use domain::session::{Command, Effect, Expiry, Observed, State};
use ports::sandbox::{SandboxError, SandboxExpiry, SandboxSpec, SandboxState};
use protocol::{SandboxId, SessionId, Timestamp, keeper::Isolation};
use tokio::sync::mpsc;

use super::{Job, RETRY_CAP, start::runner_start};
use crate::{
    Sessions,
    slot::{Envelope, Slot},
};

/// How long a runner may take to flush and stop its agent before everything in its sandbox is killed.
const STOP_GRACE_MS: u64 = 5_000;
/// A provider that has not started a sandbox by then has not; shorter than the machine's own alarm.
const START_LIMIT: Duration = Duration::from_secs(100);
/// A snapshot that takes longer blocks the stop that follows; shorter than the machine's own alarm.
const SNAPSHOT_LIMIT: Duration = Duration::from_secs(100);
/// How often a provider is asked for a sandbox's end before the start counts as failed.
const EXPIRY_TRIES: u32 = 4;
const EXPIRY_PAUSE: Duration = Duration::from_millis(500);

/// Carries out the effects on a session's sandbox.
pub(super) struct Worker {
    pub(super) sessions: Sessions,
    pub(super) id: SessionId,
    pub(super) inbox: mpsc::Sender<Envelope>,
    /// When this owner took the session over.
    pub(super) since: Timestamp,
}

impl Worker {
    pub(super) async fn carry_out(&self, job: &Job) {
        match &job.effect {
            Effect::StartSandbox {
                sandbox_id,
                generation,
                token,
                attempt,
            } => {
                self.start(&job.state, *sandbox_id, *generation, token, *attempt)
                    .await;
            }
            Effect::ObserveSandbox {
                sandbox_id,
                generation,
            } => {
                // A runner that was connected to the process before this one comes back by itself: its silence
                // counts from here on.
                let heard = job.slot.hub.heard().or(Some(self.since));
                self.sessions
                    .observe(self.id, *sandbox_id, *generation, heard)
                    .await;
            }
            Effect::StopSandbox {
                sandbox_id,
                generation,
            } => self.stop(*sandbox_id, *generation).await,
            Effect::SnapshotSandbox {
                sandbox_id,
                generation,
            } => self.snapshot(*sandbox_id, *generation).await,
            Effect::Purge => self.purge(&job.slot).await,
            Effect::SendOwed | Effect::FlushRuns | Effect::Detect(_) => {}
        }
    }

    async fn start(&self, state: &State, sandbox_id: SandboxId, generation: u64, token: &str, attempt: u32) {
        let Some(start) = runner_start(&self.sessions, state, sandbox_id, generation, token) else {
            return;
        };
        if attempt > 0 {
            tokio::time::sleep(Duration::from_secs(u64::from(attempt.min(5)))).await;
        }
        if self.sessions.0.quiescing.load(Ordering::SeqCst) {
            // Asked for again by the next process.
            return;
        }
        let spec = SandboxSpec {
            sandbox_id,
            session_id: self.id,
            generation,
            start,
            limits: None,
        };
        let started = tokio::time::timeout(START_LIMIT, self.begin(spec)).await;
        let started =
            started.unwrap_or_else(|_| Err(SandboxError::Transient("the provider did not answer".into())));
        let command = match started {
            Ok((isolation, expiry)) => Command::SandboxStarted {
                generation,
                isolation,
                expiry,
            },
            Err(error) => {
                let retryable = matches!(error, SandboxError::Transient(_));
                Command::SandboxStartFailed {
                    generation,
                    cause: error.to_string(),
                    retryable,
                }
            }
        };
        self.tell(command).await;
    }

    /// Starts it and asks for the end that the provider has set for it: without knowing that, work could be lost.
    async fn begin(&self, spec: SandboxSpec) -> Result<(Isolation, Option<Expiry>), SandboxError> {
        let id = spec.sandbox_id;
        let provider = &self.sessions.0.ports.sandboxes;
        let isolation = provider.start(spec).await?;
        let mut tries = 1;
        loop {
            match provider.expiry(id).await {
                Ok(end) => return Ok((isolation, end.map(expiry))),
                Err(SandboxError::Transient(_)) if tries < EXPIRY_TRIES => {
                    tokio::time::sleep(EXPIRY_PAUSE).await
                }
                Err(error) => return Err(error),
            }
            tries += 1;
        }
    }

    async fn snapshot(&self, sandbox_id: SandboxId, generation: u64) {
        let kept = self.sessions.0.ports.sandboxes.snapshot(sandbox_id);
        let command = match tokio::time::timeout(SNAPSHOT_LIMIT, kept).await {
            Ok(Ok(reference)) => Command::SandboxSnapshotted {
                generation,
                reference,
            },
            Ok(Err(error)) => Command::SnapshotFailed {
                generation,
                cause: error.to_string(),
            },
            Err(_) => Command::SnapshotFailed {
                generation,
                cause: "the provider did not answer".into(),
            },
        };
        self.tell(command).await;
    }

    async fn stop(&self, sandbox_id: SandboxId, generation: u64) {
        match self
            .sessions
            .0
            .ports
            .sandboxes
            .stop(sandbox_id, STOP_GRACE_MS)
            .await
        {
            Ok(()) => self.tell(Command::SandboxStopped { generation }).await,
            // The stop alarm asks again.
            Err(error) => tracing::warn!(sandbox.id = %sandbox_id, %error, "a sandbox could not be stopped"),
        }
    }

    /// Removes everything of the session; the catalogue row goes last, so that a crash in between is taken up
    /// again at the next start.
    async fn purge(&self, slot: &Slot) {
        let mut pause = Duration::from_millis(200);
        while let Err(cause) = self.remove_everything().await {
            tracing::warn!(session.id = %self.id, cause, "the session could not be removed yet");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(RETRY_CAP);
        }
        slot.hub.close();
    }

    async fn remove_everything(&self) -> Result<(), String> {
        let ports = &self.sessions.0.ports;
        ports
            .sandboxes
            .destroy(self.id)
            .await
            .map_err(|error| error.to_string())?;
        // A record that is written after the removal would stay for ever.
        self.sessions.0.runs.shut_out(self.id).await;
        ports
            .run_history
            .remove_session(self.id)
            .await
            .map_err(|error| error.to_string())?;
        let feed = &self.sessions.0.feed;
        feed.forget(self.id).await.map_err(|error| error.to_string())?;
        // Without a row there is nothing left to find them by, and nothing else to remove.
        if let Some(row) = ports
            .catalog
            .lookup(self.id)
            .await
            .map_err(|error| error.to_string())?
        {
            ports
                .artifacts
                .delete_session(row.org, self.id)
                .await
                .map_err(|error| error.to_string())?;
        }
        ports
            .session_log
            .delete(self.id)
            .await
            .map_err(|error| error.to_string())?;
        ports
            .catalog
            .remove(self.id)
            .await
            .map_err(|error| error.to_string())?;
        self.sessions.0.runs.gone(self.id);
        Ok(())
    }

    async fn tell(&self, command: Command) {
        let _ = self
            .inbox
            .send(Envelope::Outcome {
                command: Box::new(command),
            })
            .await;
    }
}

fn expiry(end: SandboxExpiry) -> Expiry {
    Expiry {
        at: end.at,
        can_snapshot: end.can_snapshot,
    }
}

impl Sessions {
    /// Asks the provider about a sandbox and reports what it says.
    pub(crate) async fn observe(
        &self,
        id: SessionId,
        sandbox: SandboxId,
        generation: u64,
        heard: Option<Timestamp>,
    ) {
        let observed = match self.0.ports.sandboxes.state(sandbox).await {
            Ok(SandboxState::Running { .. }) => match self.0.ports.sandboxes.expiry(sandbox).await {
                Ok(end) => Observed::Running(end.map(expiry)),
                Err(error) => {
                    tracing::warn!(sandbox.id = %sandbox, %error, "the provider does not say when a sandbox ends");
                    return;
                }
            },
            Ok(SandboxState::Ended { cause }) => Observed::Ended(cause),
            Ok(SandboxState::Unknown) => Observed::Unknown,
            Err(error) => {
                tracing::warn!(sandbox.id = %sandbox, %error, "the provider does not say how a sandbox is");
                return;
            }
        };
        let command = Box::new(Command::SandboxObserved {
            generation,
            observed,
            link_seen: heard,
        });
        let _ = self.post(id, Envelope::Outcome { command }).await;
    }
}
