//! The connection to the server: one task that keeps a WebSocket up, sends what is spooled, and hands commands on.

mod backoff;
mod bound;
mod connection;
mod deltas;
mod dial;
mod redaction;
mod shared;

use std::{sync::Arc, time::Duration};

use protocol::{
    CommandId, PromptId, SandboxId, SessionId,
    runner::{Delta, GitCredential, RunnerCommand, RunnerReport, SecretValue, WorkPhase},
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};

use crate::{
    redact::Redactor,
    spool::{Entry, Spool, SpoolError},
};
pub use dial::{Address, InvalidAddress};
use shared::Shared;

/// Commands that wait for the runner's main loop; past this the connection is dropped and the server sends again.
const COMMANDS: usize = 1024;

/// A git password as short as a word is not hidden: it would take words out of everything.
const LEAST_TOKEN: usize = 12;

/// Who the runner is and where the server listens. Never printed: it holds the one-time token.
pub struct Identity {
    pub address: Address,
    pub session_id: SessionId,
    pub sandbox_id: SandboxId,
    pub generation: u64,
    pub token: String,
    /// Made once in this process.
    pub secret: String,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

/// Why the uplink stopped for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The server said that this generation is over.
    Fenced(String),
    /// The server does not know this credential or generation (any more).
    Refused(u16),
}

/// Handle for everyone who has something to say to the server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Uplink {
    shared: Arc<Shared>,
}

/// The uplink's task and what comes out of it.
#[derive(Debug)]
pub struct Running {
    pub commands: mpsc::Receiver<(CommandId, RunnerCommand)>,
    pub task: JoinHandle<Ending>,
}

impl Uplink {
    /// Starts to connect.
    #[must_use]
    pub fn start(identity: Identity, spool: Spool) -> (Self, Running) {
        let (sender, commands) = mpsc::channel(COMMANDS);
        let shared = Arc::new(Shared::new(identity, spool));
        let own = [&shared.identity.token, &shared.identity.secret];
        let long = own.into_iter().filter(|own| own.len() >= LEAST_TOKEN).cloned();
        shared.redaction().hide(long);
        let task = tokio::spawn({
            let shared = Arc::clone(&shared);
            async move {
                let ending = connection::keep(Arc::clone(&shared), sender).await;
                shared.close();
                ending
            }
        });
        (Self { shared }, Running { commands, task })
    }

    /// Returns once the server has welcomed this runner.
    pub async fn first_contact(&self) {
        let mut contact = self.shared.contact.subscribe();
        // The sender lives in `shared`, which this handle holds.
        let _ = contact.wait_for(|welcomed| *welcomed).await;
    }

    /// Takes a report for good; waits while the spool is full.
    pub async fn report(&self, prompt_id: Option<PromptId>, report: RunnerReport) {
        let entry = Entry {
            prompt_id,
            report: self.bounded(report),
        };
        self.shared.settle_deltas(&entry.report);
        loop {
            let room = self.shared.room.notified();
            match self.push(&entry) {
                Ok(()) => return,
                // Nobody will ever take it.
                Err(SpoolError::Full) if self.shared.is_closed() => return,
                // Also woken by time: a disk that was full may have room without any acknowledgement.
                Err(SpoolError::Full) => drop(timeout(Duration::from_secs(1), room).await),
                Err(error) => {
                    tracing::error!(%error, "a report is lost");
                    return;
                }
            }
        }
    }

    /// Takes a report if there is room now: for progress that nobody misses.
    pub fn try_report(&self, prompt_id: Option<PromptId>, report: RunnerReport) -> bool {
        self.push(&Entry {
            prompt_id,
            report: self.bounded(report),
        })
        .is_ok()
    }

    /// Without secrets, and then cut: a cut through a secret would leave a part of it that nobody knows.
    fn bounded(&self, report: RunnerReport) -> RunnerReport {
        let report = self.shared.redaction().report(report);
        bound::bound(report)
    }

    fn push(&self, entry: &Entry) -> Result<(), SpoolError> {
        self.shared.spool().push(entry)?;
        self.shared.work.notify_one();
        Ok(())
    }

    /// Shows a piece of text at once; dropped while there is no connection.
    pub fn delta(&self, prompt_id: PromptId, delta: Delta) {
        let Some((prompt_id, delta)) = self.shared.redaction().delta(prompt_id, delta) else {
            return;
        };
        if self.shared.deltas().push(prompt_id, delta) {
            self.shared.work.notify_one();
        }
    }

    /// The command was taken.
    pub fn command_done(&self, command_id: CommandId) {
        self.shared.say_done(command_id);
    }

    /// Asks the server for the credential of a host.
    pub async fn credential(&self, protocol: &str, host: &str, limit: Duration) -> Option<GitCredential> {
        let (reply, answer) = oneshot::channel();
        let request = self.shared.want_credential(protocol, host, reply);
        let answer = timeout(limit, answer).await;
        self.shared.forget(request);
        let credential = answer.ok()?.ok().flatten()?;
        if credential.password.len() >= LEAST_TOKEN {
            self.shared.redaction().hide([credential.password.clone()]);
        }
        Some(credential)
    }

    /// The environment secrets of a phase, asked for once and then kept in memory. They are hidden in everything that is
    /// reported from here on. `None` when the server cannot give them within `limit`: the phase must not begin then.
    pub async fn secrets(&self, phase: WorkPhase, limit: Duration) -> Option<Vec<SecretValue>> {
        if let Some(known) = self.shared.redaction().given(phase) {
            return Some(known);
        }
        let (reply, answer) = oneshot::channel();
        let request = self.shared.want_secrets(phase, reply);
        let answer = timeout(limit, answer).await;
        self.shared.forget(request);
        let secrets = answer.ok()?.ok().flatten()?;
        self.shared.redaction().keep(phase, secrets.clone());
        Some(secrets)
    }

    /// Keeps something from being shown from here on.
    pub(crate) fn hide(&self, secret: &str) {
        self.shared.redaction().hide([secret.to_owned()]);
    }

    /// Knows what must not be shown, for output that is cut before it is reported.
    pub(crate) fn redactor(&self) -> Arc<Redactor> {
        self.shared.redaction().redactor()
    }

    /// Waits until the server has everything, at most `limit`. True when it has.
    pub async fn flush(&self, limit: Duration) -> bool {
        timeout(limit, async {
            loop {
                let moved = self.shared.room.notified();
                if self.shared.is_idle() {
                    return;
                }
                let _ = timeout(Duration::from_millis(100), moved).await;
            }
        })
        .await
        .is_ok()
    }

    /// What the model endpoint authenticates with, once there was contact.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.shared.identity
    }
}
