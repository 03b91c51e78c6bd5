//! Faults of a provider of sandboxes.

use async_trait::async_trait;
use futures::{StreamExt, future, stream};
use ports::{
    SandboxProvider,
    sandbox::{
        ArchiveSource, ProbeOutput, ProbeSpec, RestoreSpec, RunningSandbox, SandboxError, SandboxExpiry,
        SandboxSpec, SandboxState,
    },
};
use protocol::{
    SandboxId, SessionId,
    keeper::{EndCause, Isolation},
    probe::ProbeFailure,
};

use super::{Fault, strike};

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "start_transient",
        injects: "the sandbox does not start now",
        outcome: "tried again with a new generation, then the prompt fails with a stated cause",
    },
    Fault {
        name: "start_permanent",
        injects: "the sandbox can never start",
        outcome: "not tried again by itself; the session says what the operator must do",
    },
    Fault {
        name: "start_answer_lost",
        injects: "the sandbox runs, but the answer says it does not",
        outcome: "the stray one is stopped; only one generation speaks for the session",
    },
    Fault {
        name: "start_hangs",
        injects: "no answer to a start",
        outcome: "the connect alarm ends the attempt",
    },
    Fault {
        name: "state_unavailable",
        injects: "the provider cannot say whether it runs",
        outcome: "not taken for dead: asked again",
    },
    Fault {
        name: "state_forgotten",
        injects: "the provider has never heard of it",
        outcome: "the turn ends with a stated cause, the sandbox is replaced, the workspace is kept",
    },
    Fault {
        name: "died",
        injects: "the sandbox ended by itself",
        outcome: "the turn ends with the cause and the next prompt starts another",
    },
    Fault {
        name: "expiry_unavailable",
        injects: "the provider does not say when it will end the sandbox",
        outcome: "asked again; if it stays unknown, the start counts as failed",
    },
    Fault {
        name: "snapshot_transient",
        injects: "workspace and home cannot be kept now",
        outcome: "the session says so and the sandbox is stopped in good time instead; what waits goes on in the next",
    },
    Fault {
        name: "snapshot_hangs",
        injects: "no answer to a snapshot",
        outcome: "the snapshot alarm ends the wait and the sandbox is stopped",
    },
    Fault {
        name: "stop_transient",
        injects: "the sandbox does not stop now",
        outcome: "stopping stays owed; its frames are refused meanwhile",
    },
    Fault {
        name: "list_unavailable",
        injects: "what runs cannot be listed",
        outcome: "reconciliation is done later; nothing is stopped blindly",
    },
    Fault {
        name: "probe_unavailable",
        injects: "no probe can be started",
        outcome: "the request fails with a stated cause; the session goes on",
    },
    Fault {
        name: "probe_breaks_off",
        injects: "the probe's output ends in an error",
        outcome: "the reader is told that the answer is incomplete",
    },
    Fault {
        name: "restore_refused",
        injects: "the files that come with an import cannot be unpacked",
        outcome: "the import is refused with a stated cause and leaves nothing behind",
    },
    Fault {
        name: "destroy_transient",
        injects: "workspace and home cannot be removed now",
        outcome: "the removal stays owed and is done later",
    },
];

super::decorator!("sandboxes", ports::SandboxProvider);

fn transient() -> SandboxError {
    SandboxError::Transient("injected".into())
}

#[async_trait]
impl SandboxProvider for Faulty {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    async fn isolation(&self) -> Result<Isolation, SandboxError> {
        self.inner.isolation().await
    }

    async fn start(&self, spec: SandboxSpec) -> Result<Isolation, SandboxError> {
        strike!(self, "start_transient", transient());
        strike!(
            self,
            "start_permanent",
            SandboxError::Permanent("injected".into())
        );
        if self.faults.strikes("start_hangs") {
            return future::pending().await;
        }
        let isolation = self.inner.start(spec).await?;
        strike!(self, "start_answer_lost", transient());
        Ok(isolation)
    }

    async fn state(&self, id: SandboxId) -> Result<SandboxState, SandboxError> {
        strike!(self, "state_unavailable", transient());
        if self.faults.strikes("state_forgotten") {
            return Ok(SandboxState::Unknown);
        }
        if self.faults.strikes("died") {
            let stderr_tail = "injected".into();
            return Ok(SandboxState::Ended {
                cause: EndCause::Exited {
                    code: None,
                    signal: Some(9),
                    stderr_tail,
                },
            });
        }
        self.inner.state(id).await
    }

    async fn expiry(&self, id: SandboxId) -> Result<Option<SandboxExpiry>, SandboxError> {
        strike!(self, "expiry_unavailable", transient());
        self.inner.expiry(id).await
    }

    async fn snapshot(&self, id: SandboxId) -> Result<String, SandboxError> {
        strike!(self, "snapshot_transient", transient());
        if self.faults.strikes("snapshot_hangs") {
            return future::pending().await;
        }
        self.inner.snapshot(id).await
    }

    async fn stop(&self, id: SandboxId, grace_ms: u64) -> Result<(), SandboxError> {
        strike!(self, "stop_transient", transient());
        self.inner.stop(id, grace_ms).await
    }

    async fn list(&self) -> Result<Vec<RunningSandbox>, SandboxError> {
        strike!(self, "list_unavailable", transient());
        self.inner.list().await
    }

    async fn probe(&self, spec: ProbeSpec) -> Result<ProbeOutput, SandboxError> {
        strike!(self, "probe_unavailable", transient());
        let output = self.inner.probe(spec).await?;
        if self.faults.strikes("probe_breaks_off") {
            return Ok(Box::pin(output.take(1).chain(stream::iter([Err(transient())]))));
        }
        Ok(output)
    }

    async fn restore(&self, spec: RestoreSpec, archive: ArchiveSource) -> Result<(), SandboxError> {
        strike!(
            self,
            "restore_refused",
            SandboxError::Probe(ProbeFailure {
                code: "invalid_archive".into(),
                message: "injected".into(),
            })
        );
        self.inner.restore(spec, archive).await
    }

    async fn destroy(&self, session: SessionId) -> Result<(), SandboxError> {
        strike!(self, "destroy_transient", transient());
        self.inner.destroy(session).await
    }
}
