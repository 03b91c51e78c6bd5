//! The sandbox provider: slow, forgetful, and sometimes wrong about what it did.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use ports::{
    SandboxProvider,
    sandbox::{
        ArchiveSource, ProbeOutput, ProbeSpec, RestoreSpec, RunningSandbox, SandboxError, SandboxExpiry,
        SandboxSpec, SandboxState,
    },
};
use protocol::{SandboxId, SessionId, keeper::Isolation};

use super::underway;
use crate::{runner::Runner, world::Shared};

/// Longer than the actor waits for a start.
const FOR_EVER: Duration = Duration::from_secs(150);
const USUAL_MS: u64 = 800;

pub(crate) struct SimSandboxes(Shared);

impl SimSandboxes {
    pub(crate) fn new(world: &Shared) -> Arc<Self> {
        Arc::new(Self(Arc::clone(world)))
    }

    fn fails(
        &self,
        what: &'static str,
        rate: impl Fn(&crate::plan::Rates) -> u32,
    ) -> Result<(), SandboxError> {
        if self.0.strikes(what, rate) {
            return Err(SandboxError::Transient("simulated".into()));
        }
        Ok(())
    }
}

#[async_trait]
impl SandboxProvider for SimSandboxes {
    fn name(&self) -> &'static str {
        "simulated"
    }

    async fn isolation(&self) -> Result<Isolation, SandboxError> {
        self.0.sandboxes.isolation().await
    }

    async fn start(&self, spec: SandboxSpec) -> Result<Isolation, SandboxError> {
        let held = self.0.oracle().starts(&spec);
        self.0.judge(held);
        underway(&self.0, USUAL_MS).await;
        self.fails("sandbox not started", |rates| rates.start)?;
        if self.0.strikes("sandbox refused", |rates| rates.start_permanent) {
            return Err(SandboxError::Permanent("simulated".into()));
        }
        let (id, start) = (spec.sandbox_id, spec.start.clone());
        let isolation = self.0.sandboxes.start(spec).await?;
        if !self.0.runners().iter().any(|runner| runner.sandbox == id) {
            self.0
                .note(|| format!("sandbox {id} of generation {} starts", start.generation));
            let runner = Runner::new(&self.0, &start);
            self.0.add_runner(Arc::clone(&runner));
            runner.live(&self.0);
        }
        if self.0.strikes("start never answered", |rates| rates.start / 4) {
            tokio::time::sleep(FOR_EVER).await;
        }
        self.0.pause(USUAL_MS).await;
        self.fails("start's answer lost", |rates| rates.start)?;
        Ok(isolation)
    }

    async fn state(&self, id: SandboxId) -> Result<SandboxState, SandboxError> {
        underway(&self.0, USUAL_MS).await;
        self.fails("provider does not say", |rates| rates.state)?;
        let state = self.0.sandboxes.state(id).await;
        self.0.pause(USUAL_MS).await;
        state
    }

    async fn expiry(&self, id: SandboxId) -> Result<Option<SandboxExpiry>, SandboxError> {
        underway(&self.0, USUAL_MS).await;
        self.fails("provider does not say when it ends", |rates| rates.state)?;
        let runners = self.0.runners();
        let at = runners
            .iter()
            .find(|runner| runner.sandbox == id)
            .and_then(|runner| runner.expires);
        Ok(at.map(|at| SandboxExpiry {
            at,
            can_snapshot: self.0.plan.can_snapshot,
        }))
    }

    async fn snapshot(&self, id: SandboxId) -> Result<String, SandboxError> {
        let held = self.0.oracle().stops(id);
        self.0.judge(held);
        underway(&self.0, 20_000).await;
        self.fails("snapshot fails", |rates| rates.stop)?;
        Ok(format!("snapshot of {id}"))
    }

    async fn stop(&self, id: SandboxId, grace_ms: u64) -> Result<(), SandboxError> {
        let held = self.0.oracle().stops(id);
        self.0.judge(held);
        underway(&self.0, grace_ms).await;
        self.fails("sandbox not stopped", |rates| rates.stop)?;
        self.0.sandboxes.stop(id, grace_ms).await?;
        self.0.note(|| format!("sandbox {id} is stopped"));
        for runner in self.0.runners().iter().filter(|runner| runner.sandbox == id) {
            runner.kill();
        }
        self.0.pause(USUAL_MS).await;
        self.fails("stop's answer lost", |rates| rates.stop)
    }

    async fn list(&self) -> Result<Vec<RunningSandbox>, SandboxError> {
        underway(&self.0, USUAL_MS).await;
        self.0.sandboxes.list().await
    }

    async fn probe(&self, spec: ProbeSpec) -> Result<ProbeOutput, SandboxError> {
        self.0.sandboxes.probe(spec).await
    }

    async fn restore(&self, spec: RestoreSpec, archive: ArchiveSource) -> Result<(), SandboxError> {
        self.0.sandboxes.restore(spec, archive).await
    }

    async fn destroy(&self, session: SessionId) -> Result<(), SandboxError> {
        underway(&self.0, USUAL_MS).await;
        self.fails("workspace not removed", |rates| rates.stop)?;
        self.0.sandboxes.destroy(session).await
    }
}
