//! One-shot questions to a throw-away sandbox, with their places counted.

use std::{pin::Pin, time::Duration};

use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use ports::sandbox::{ProbeSpec, ProbeWorkspace, SandboxError};
use protocol::{
    OrgId, ProblemCode, SandboxId,
    api::Secret,
    probe::{ProbeFailure, ProbeRequest},
};

use crate::{App, AppError, error::sentence};

/// A question.
pub(crate) struct Probe {
    /// Who asks: places are shared out among organisations.
    pub(crate) org: OrgId,
    pub(crate) workspace: ProbeWorkspace,
    pub(crate) request: ProbeRequest,
    /// What the answer must not show.
    pub(crate) hide: Vec<Secret>,
    pub(crate) network: bool,
    pub(crate) timeout_ms: u64,
    pub(crate) max_output_bytes: u64,
}

/// Bytes as they come out of the sandbox. A failure after the first byte ends it with an error.
pub struct WorkStream {
    bytes: Pin<Box<dyn Stream<Item = Result<Bytes, AppError>> + Send>>,
}

impl std::fmt::Debug for WorkStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WorkStream")
    }
}

impl WorkStream {
    pub(crate) fn new(bytes: impl Stream<Item = Result<Bytes, AppError>> + Send + 'static) -> Self {
        Self {
            bytes: Box::pin(bytes),
        }
    }

    /// For the door, which passes it on as it comes.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, AppError>> + Send + 'static {
        self.bytes
    }

    /// All of it; the probe's own bound is the bound.
    ///
    /// # Errors
    /// When it broke off.
    pub async fn collect(mut self) -> Result<Vec<u8>, AppError> {
        let mut all = Vec::new();
        while let Some(chunk) = self.bytes.next().await {
            all.extend_from_slice(&chunk?);
        }
        Ok(all)
    }
}

impl App {
    /// Asks, and waits for the first byte (or the end), so that a failure still is an answer of its own.
    pub(crate) async fn probe(&self, probe: Probe) -> Result<WorkStream, AppError> {
        let wait = Duration::from_millis(self.settings().limits.probe_wait_ms);
        let place = self.probes().take(probe.org, wait).await.ok_or_else(|| {
            AppError::unavailable("The server is busy with other work of this kind. Try again.")
        })?;
        let spec = ProbeSpec {
            workspace: probe.workspace,
            sandbox_id: SandboxId::new(self.now().as_ms(), self.bits()),
            request: probe.request,
            hide: probe.hide,
            network: probe.network,
            timeout_ms: probe.timeout_ms,
            max_output_bytes: probe.max_output_bytes,
        };
        let output = self.ports().sandboxes.probe(spec).await.map_err(refused)?;
        let (first, rest) = first_of(output).await.map_err(refused)?;
        // The place is given back when the last byte is out, or the reader goes away.
        let bytes = stream::iter(first.map(Ok))
            .chain(rest)
            .map_err(refused)
            .inspect(move |_| {
                let _ = &place;
            });
        Ok(WorkStream {
            bytes: Box::pin(bytes),
        })
    }
}

/// The first piece, and a stream of the others. An answer may be empty (no changes, an empty file): a stream that has
/// ended is not asked again, since most cannot bear it.
async fn first_of<S, E>(output: S) -> Result<(Option<Bytes>, stream::Fuse<S>), E>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let mut rest = output.fuse();
    let first = rest.next().await.transpose()?;
    Ok((first, rest))
}

/// What a probe's failure means to the caller.
pub(crate) fn refused(error: SandboxError) -> AppError {
    match error {
        SandboxError::Probe(failure) => meaning(failure),
        SandboxError::Transient(_) => {
            AppError::unavailable("A sandbox for this could not be started now. Try again.").cause(error)
        }
        SandboxError::Permanent(_) => AppError::unavailable(
            "This server cannot start sandboxes. Its operator finds the reason with `coordinator doctor`.",
        )
        .cause(error),
    }
}

fn meaning(failure: ProbeFailure) -> AppError {
    let said: String = sentence(&failure.message).chars().take(1000).collect();
    match failure.code.as_str() {
        "not_found" => AppError::new(ProblemCode::NotFound, said).field("path"),
        "invalid_path" => AppError::invalid("path", said),
        "too_large" => AppError::new(
            ProblemCode::Conflict,
            format!("{said} The archive has everything."),
        ),
        "no_workspace" | "no_repository" => AppError::new(
            ProblemCode::Conflict,
            "The session has no workspace yet: send a prompt or wake it, and ask again when it is ready.",
        ),
        "clone_failed" | "ref_not_found" | "authentication_required" => {
            AppError::new(ProblemCode::RepositoryUnreachable, said).field("repository")
        }
        _ => AppError::internal(ProbeBroke(failure)),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("a probe failed with {}: {}", .0.code, .0.message)]
struct ProbeBroke(ProbeFailure);

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_empty_answer_ends_quietly() {
        // An unfold panics when it is asked again after its end, as the streams out of sandboxes do.
        let output = stream::unfold((), |()| async { None::<(Result<Bytes, SandboxError>, ())> });
        let (first, rest) = first_of(Box::pin(output)).await.unwrap();
        assert_eq!(first, None);
        assert_eq!(rest.count().await, 0);
    }

    #[test]
    fn failures_of_the_sandbox_have_a_meaning() {
        let code = |code: &str| {
            meaning(ProbeFailure {
                code: code.into(),
                message: "it is so".into(),
            })
            .code
        };
        assert_eq!(code("not_found"), ProblemCode::NotFound);
        assert_eq!(code("ref_not_found"), ProblemCode::RepositoryUnreachable);
        assert_eq!(code("no_workspace"), ProblemCode::Conflict);
        assert_eq!(code("something new"), ProblemCode::Internal);
    }
}
