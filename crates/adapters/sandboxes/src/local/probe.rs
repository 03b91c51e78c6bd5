//! One question to a throw-away sandbox, answered as a stream.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use bytes::Bytes;
use futures::stream;
use ports::sandbox::{ProbeOutput, ProbeSpec, ProbeWorkspace, SandboxError};
use protocol::{
    SessionId,
    keeper::{JailSpec, Limits, NetworkMode, OneshotOutcome, OneshotReport, OneshotSpec},
    probe::{ProbeFailure, ProbeInput},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
    sync::mpsc,
    time::timeout,
};

use super::{clear, keepers, layout, provider::LocalProvider, start::transient};
use crate::inside::{self, RUNNER};

/// Time for a one-shot sandbox to end after its answer, or after nobody wants it any more.
const END_TIMEOUT: Duration = Duration::from_secs(60);
const MOST_REPORT: u64 = 256 * 1024;
const CHUNK: usize = 64 * 1024;
/// Chunks that the reader has not taken yet.
const MOST_CHUNKS: usize = 4;
/// Characters of a failing program's last words that go into an error.
const MOST_WORDS: usize = 500;

pub(super) type Item = Result<Bytes, SandboxError>;

pub(super) async fn probe(provider: &LocalProvider, spec: ProbeSpec) -> Result<ProbeOutput, SandboxError> {
    let place = Place::prepare(provider, &spec)?;
    let input = ProbeInput {
        request: spec.request,
        hide: spec.hide,
    };
    let oneshot = OneshotSpec {
        sandbox_id: spec.sandbox_id,
        session_id: place.session,
        generation: 0,
        server_socket: provider.layout.relay_socket(),
        state_dir: place.state.clone(),
        jail: place.jail.clone(),
        stdin: serde_json::to_string(&input).map_err(transient)?,
        timeout_ms: spec.timeout_ms,
        max_output_bytes: spec.max_output_bytes,
    };
    let started = launch(&provider.settings.runner, &oneshot).await;
    let child = match started {
        Ok(child) => child,
        Err(error) => {
            place.remove(provider).await;
            return Err(transient(error));
        }
    };
    let pid = child.id().and_then(|pid| i32::try_from(pid).ok()).unwrap_or(-1);
    let admission = provider.registry.admit(spec.sandbox_id, pid);
    let (sender, receiver) = mpsc::channel(MOST_CHUNKS);
    let provider = provider.clone();
    // A task of its own: the sandbox is cleaned up even when nobody reads the answer to its end.
    tokio::spawn(async move {
        let failure = follow(child, &sender).await;
        drop(admission);
        place.remove(&provider).await;
        if let Err(error) = failure {
            let _ = sender.send(Err(error)).await;
        }
    });
    Ok(Box::pin(stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|item| (item, receiver))
    })))
}

/// Directories of one probe.
struct Place {
    session: SessionId,
    state: PathBuf,
    scratch: Option<(PathBuf, u32)>,
    jail: JailSpec,
}

impl Place {
    fn prepare(provider: &LocalProvider, spec: &ProbeSpec) -> Result<Self, SandboxError> {
        let (session, top, scratch) = match spec.workspace {
            ProbeWorkspace::Session(session) | ProbeWorkspace::Home(session) => {
                (session, provider.layout.session(session), false)
            }
            ProbeWorkspace::Scratch => (
                SessionId::from_bits(spec.sandbox_id.bits()),
                provider.layout.scratch(spec.sandbox_id),
                true,
            ),
        };
        if !scratch && !top.is_dir() {
            // Never made, or just removed: a question must not bring it back, nor its user.
            return Err(failure("no_workspace", "the session has no workspace".into()));
        }
        let host_uid = provider.owners.ensure(&top).map_err(transient)?;
        let state = provider.layout.keeper(spec.sandbox_id);
        layout::private(&state).map_err(transient)?;
        let view = inside::view(&provider.settings, spec.network);
        let jail = JailSpec {
            argv: vec![RUNNER.into(), "probe".into()],
            env: view.env,
            cwd: "/workspace".into(),
            host_uid,
            workspace: match spec.workspace {
                ProbeWorkspace::Home(_) => layout::home(&top),
                ProbeWorkspace::Session(_) | ProbeWorkspace::Scratch => layout::workspace(&top),
            },
            workspace_read_only: !scratch,
            home: None,
            read_only: view.binds,
            limits: limits(&provider.settings.limits),
            network: if spec.network {
                NetworkMode::Relayed
            } else {
                NetworkMode::None
            },
        };
        Ok(Self {
            session,
            state,
            scratch: scratch.then_some((top, host_uid)),
            jail,
        })
    }

    async fn remove(self, provider: &LocalProvider) {
        let owners = provider.owners.clone();
        if self.state.join("groups.json").exists() {
            keepers::sweep(&provider.settings.runner, &self.state).await;
        }
        let removed = tokio::task::spawn_blocking(move || {
            clear::remove(&self.state)?;
            if let Some((top, uid)) = self.scratch {
                clear::remove(&top)?;
                owners.release(uid);
            }
            std::io::Result::Ok(())
        });
        if let Ok(Err(error)) = removed.await {
            tracing::warn!(%error, "cannot remove what a probe left");
        }
    }
}

/// A probe reads and prints; it needs less than an agent.
pub(super) fn limits(full: &Limits) -> Limits {
    Limits {
        memory_bytes: full.memory_bytes.min(1 << 30),
        pids: full.pids.min(128),
        cpu_milli: full.cpu_milli,
        disk_bytes: full.disk_bytes,
        tmp_bytes: full.tmp_bytes.min(64 << 20),
    }
}

pub(super) async fn launch(runner: &Path, spec: &OneshotSpec) -> std::io::Result<Child> {
    let mut line = serde_json::to_vec(spec)?;
    line.push(b'\n');
    let mut child = Command::new(runner)
        .arg("oneshot")
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(stdin) = child.stdin.as_mut() {
        stdin.write_all(&line).await?;
        stdin.flush().await?;
    }
    Ok(child)
}

/// Passes the output on; ends when the sandbox has.
pub(super) async fn follow(mut child: Child, sender: &mpsc::Sender<Item>) -> Result<(), SandboxError> {
    let mut lifeline = child.stdin.take();
    let stderr = child.stderr.take();
    let report = tokio::spawn(async move {
        let mut text = Vec::new();
        if let Some(stderr) = stderr {
            let _ = stderr.take(MOST_REPORT).read_to_end(&mut text).await;
        }
        text
    });
    if let Some(mut stdout) = child.stdout.take() {
        let mut buffer = vec![0; CHUNK];
        loop {
            let read = tokio::select! {
                read = stdout.read(&mut buffer) => read,
                () = sender.closed() => break,
            };
            let Ok(length @ 1..) = read else { break };
            let chunk = Bytes::copy_from_slice(buffer.get(..length).unwrap_or_default());
            if sender.send(Ok(chunk)).await.is_err() {
                break;
            }
        }
        if sender.is_closed() {
            // Nobody wants the answer any more: closing the stream ends the sandbox.
            drop(lifeline.take());
        }
    }
    let ended = timeout(END_TIMEOUT, child.wait()).await;
    drop(lifeline);
    if ended.is_err() {
        let _ = child.start_kill();
    }
    let text = report.await.unwrap_or_default();
    judge(&text)
}

fn judge(text: &[u8]) -> Result<(), SandboxError> {
    let line = text
        .split(|byte| *byte == b'\n')
        .rfind(|line| !line.is_empty())
        .unwrap_or_default();
    let report: OneshotReport = serde_json::from_slice(line)
        .map_err(|_| SandboxError::Transient("the one-shot sandbox was killed".into()))?;
    match report.outcome {
        OneshotOutcome::Exited { code: Some(0), .. } => Ok(()),
        OneshotOutcome::Exited { code, signal } => Err(program_failure(&report.stderr_tail, code, signal)),
        OneshotOutcome::TimedOut => Err(SandboxError::Transient("it took too long".into())),
        OneshotOutcome::OutputTooLarge => Err(failure(
            "too_large",
            "the answer is larger than what may be read at once".into(),
        )),
        OneshotOutcome::Limit { which, limit, .. } => Err(failure(
            "too_large",
            format!("it needs more than the sandbox's limit of {which} ({limit})"),
        )),
        OneshotOutcome::Cancelled => Err(SandboxError::Transient("cancelled".into())),
        OneshotOutcome::NotStarted {
            cause,
            retryable: true,
        } => Err(SandboxError::Transient(cause)),
        OneshotOutcome::NotStarted {
            cause,
            retryable: false,
        } => Err(SandboxError::Permanent(cause)),
    }
}

pub(super) fn failure(code: &str, message: String) -> SandboxError {
    SandboxError::Probe(ProbeFailure {
        code: code.into(),
        message,
    })
}

/// The last line of a program that failed on purpose says why; of any other, the last words do.
fn program_failure(stderr: &str, code: Option<i32>, signal: Option<i32>) -> SandboxError {
    let last = stderr
        .lines()
        .rfind(|line| !line.trim().is_empty())
        .unwrap_or_default();
    if let Ok(mut said) = serde_json::from_str::<ProbeFailure>(last) {
        said.message = said.message.chars().take(MOST_WORDS).collect();
        return SandboxError::Probe(said);
    }
    let words: String = last.chars().take(MOST_WORDS).collect();
    let how = match (code, signal) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => "unknown end".into(),
    };
    failure("internal", format!("the probe failed ({how}): {words}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_come_through() {
        let failed = program_failure(
            "noise\n{\"code\":\"not_found\",\"message\":\"no such file\"}\n",
            Some(1),
            None,
        );
        assert!(matches!(failed, SandboxError::Probe(ProbeFailure { code, .. }) if code == "not_found"));
        let report = r#"{"outcome":{"kind":"exited","code":0,"signal":null},"stderr_tail":""}"#;
        assert!(judge(report.as_bytes()).is_ok());
        assert!(judge(b"").is_err());
    }
}
