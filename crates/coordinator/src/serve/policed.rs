//! The sandbox provider as the rooms inside see it: a probe that may use the network gets a way out for as long as
//! it runs.

use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt as _;
use ports::{
    SandboxProvider,
    sandbox::{
        ArchiveSource, ProbeOutput, ProbeSpec, RestoreSpec, RunningSandbox, SandboxError, SandboxExpiry,
        SandboxSpec, SandboxState,
    },
};
use protocol::{SandboxId, SessionId, keeper::Isolation, probe::ProbeRequest};

use super::doors::Doors;

pub(super) struct Policed {
    pub(super) inner: Arc<dyn SandboxProvider>,
    pub(super) doors: Doors,
}

#[async_trait]
impl SandboxProvider for Policed {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    async fn isolation(&self) -> Result<Isolation, SandboxError> {
        self.inner.isolation().await
    }

    async fn start(&self, spec: SandboxSpec) -> Result<Isolation, SandboxError> {
        self.inner.start(spec).await
    }

    async fn state(&self, id: SandboxId) -> Result<SandboxState, SandboxError> {
        self.inner.state(id).await
    }

    async fn expiry(&self, id: SandboxId) -> Result<Option<SandboxExpiry>, SandboxError> {
        self.inner.expiry(id).await
    }

    async fn snapshot(&self, id: SandboxId) -> Result<String, SandboxError> {
        self.inner.snapshot(id).await
    }

    async fn stop(&self, id: SandboxId, grace_ms: u64) -> Result<(), SandboxError> {
        self.inner.stop(id, grace_ms).await
    }

    async fn list(&self) -> Result<Vec<RunningSandbox>, SandboxError> {
        self.inner.list().await
    }

    async fn probe(&self, spec: ProbeSpec) -> Result<ProbeOutput, SandboxError> {
        if !spec.network {
            return self.inner.probe(spec).await;
        }
        let url = match &spec.request {
            ProbeRequest::Clone { url, .. } => Some(url.as_str()),
            _ => None,
        };
        let door = self.doors.for_probe(spec.sandbox_id, url);
        let output = self.inner.probe(spec).await?;
        Ok(Box::pin(output.inspect(move |_| {
            let _ = &door;
        })))
    }

    async fn restore(&self, spec: RestoreSpec, archive: ArchiveSource) -> Result<(), SandboxError> {
        self.inner.restore(spec, archive).await
    }

    async fn destroy(&self, session: SessionId) -> Result<(), SandboxError> {
        self.inner.destroy(session).await
    }
}
