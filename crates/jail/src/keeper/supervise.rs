//! The keeper's life: everything it does between the start and the end of its sandbox.

use std::{
    os::unix::net::UnixListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use protocol::keeper::{EndCause, KeeperRecord, KeeperSpec, Limits, RelayChannel, RelayPreamble, Usage};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    process::{ChildStderr, ChildStdin, ChildStdout},
    signal::unix::{SignalKind, signal},
    sync::{mpsc, oneshot},
    time::{Instant, interval, timeout},
};

use super::{
    control::{self, StopRequest},
    presence, record,
    relay::{self, Origin},
    streams::{self, Log, Tail},
    teardown,
    watch::Watch,
};
use crate::{
    launch::Launched,
    limits::Held,
    wire::{InitMessage, MAX_MESSAGE},
};

/// Grace when the keeper itself is told to end, as at shutdown of the machine.
const SHUTDOWN_GRACE_MS: u64 = 5_000;
const LAST_WORDS: Duration = Duration::from_millis(500);

pub(crate) fn run(
    spec: KeeperSpec,
    launched: Launched,
    record: KeeperRecord,
    control: UnixListener,
) -> Result<()> {
    // One thread for the loop; a few for measuring disks, made only now that nothing will fork any more.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(4)
        .build()?;
    let result = runtime.block_on(supervise(spec, launched, record, control));
    runtime.shutdown_background();
    result
}

async fn supervise(
    mut spec: KeeperSpec,
    mut launched: Launched,
    record: KeeperRecord,
    control: UnixListener,
) -> Result<()> {
    let usage = Arc::new(Mutex::new(Usage::default()));
    let killed = Arc::new(AtomicBool::new(false));
    let (stop, mut stops) = mpsc::channel::<StopRequest>(4);
    let (breach, mut breaches) = mpsc::channel(4);
    let (absence, farewell) = presence::keep(spec.server_socket.clone(), preamble(&spec));
    tokio::spawn(control::serve(control, record, usage.clone(), stop));

    let origin = Origin {
        preamble: preamble(&spec),
        server_socket: spec.server_socket.clone(),
    };
    for (listener, channel) in launched
        .listeners
        .drain(..)
        .zip([RelayChannel::Proxy, RelayChannel::Uplink])
    {
        tokio::spawn(relay::serve(listener, origin.on(channel)));
    }
    let tail = Tail::default();
    let log = Log::open(&spec.state_dir);
    feed(&mut launched, std::mem::take(&mut spec.stdin).into_bytes());
    let errors = drain(&mut launched, Some(log), &tail)?;

    let held = launched.held.clone();
    let view = Arc::new(launched.view.take().context("the view was used already")?);
    Watch {
        view,
        held: held.clone(),
        limits: spec.jail.limits,
        directories: Watch::directories(&spec.jail),
        usage,
        killed: killed.clone(),
        breach,
    }
    .start();

    let mut program = Program::new(&launched)?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut ticks = interval(Duration::from_secs(1).min(Duration::from_secs(spec.abandon_after_s.max(1))));
    let abandon = Duration::from_secs(spec.abandon_after_s.max(1));
    let mut waiting: Vec<oneshot::Sender<bool>> = Vec::new();
    let cause = loop {
        tokio::select! {
            ended = program.ended() => {
                let _ = timeout(LAST_WORDS, errors).await;
                let killed = killed.load(Ordering::Relaxed);
                break exit_cause(ended, &held, killed, &spec.jail.limits, tail.text());
            }
            Some(request) = stops.recv() => {
                waiting.push(request.done);
                gracefully(&launched, &mut program, request.grace_ms).await;
                break EndCause::Stopped;
            }
            Some(cause) = breaches.recv() => break cause,
            _ = terminated.recv() => {
                gracefully(&launched, &mut program, SHUTDOWN_GRACE_MS).await;
                break EndCause::Stopped;
            }
            _ = ticks.tick() => {
                let since = *absence.borrow();
                if since.is_some_and(|since| Instant::now().duration_since(since) >= abandon) {
                    break EndCause::Abandoned;
                }
            }
        }
    };
    let gone = teardown::run(&mut launched).await;
    record::close(&spec, &cause);
    farewell.say(cause).await;
    stops.close();
    while let Some(request) = stops.recv().await {
        waiting.push(request.done);
    }
    for done in waiting {
        let _ = done.send(gone);
    }
    // Let the answers leave.
    tokio::time::sleep(Duration::from_millis(20)).await;
    Ok(())
}

async fn gracefully(launched: &Launched, program: &mut Program, grace_ms: u64) {
    launched.terminate();
    let _ = timeout(Duration::from_millis(grace_ms), program.ended()).await;
}

fn preamble(spec: &KeeperSpec) -> RelayPreamble {
    RelayPreamble {
        sandbox_id: spec.sandbox_id,
        session_id: spec.session_id,
        generation: spec.generation,
        channel: RelayChannel::Presence,
    }
}

/// Hands the program its standard input, then its end.
pub(crate) fn feed(launched: &mut Launched, bytes: Vec<u8>) {
    if let Some(stdin) = launched.stdin.take()
        && let Ok(mut stdin) = ChildStdin::from_std(stdin)
    {
        tokio::spawn(async move {
            let _ = stdin.write_all(&bytes).await;
        });
    }
}

/// Reads both output streams in the background; the answer ends with standard error.
fn drain(launched: &mut Launched, log: Option<Log>, tail: &Tail) -> Result<tokio::task::JoinHandle<()>> {
    if let Some(stdout) = launched.stdout.take() {
        tokio::spawn(streams::drain(ChildStdout::from_std(stdout)?, log.clone(), None));
    }
    let stderr = launched.stderr.take().context("no standard error")?;
    Ok(tokio::spawn(streams::drain(
        ChildStderr::from_std(stderr)?,
        log,
        Some(tail.clone()),
    )))
}

/// How the program inside ended; both absent when that was not learned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Ended {
    pub code: Option<i32>,
    pub signal: Option<i32>,
}

/// Waits for news from the jail's first process.
#[derive(Debug)]
pub(crate) struct Program {
    stream: UnixStream,
    frame: Vec<u8>,
}

impl Program {
    pub(crate) fn new(launched: &Launched) -> Result<Self> {
        let stream = launched.control.try_clone()?;
        stream.set_nonblocking(true)?;
        Ok(Self {
            stream: UnixStream::from_std(stream)?,
            frame: Vec::new(),
        })
    }

    /// Safe to drop and call again: bytes read so far are kept.
    pub(crate) async fn ended(&mut self) -> Ended {
        let mut buffer = [0; 1024];
        loop {
            if let Some(message) = self.message() {
                if let InitMessage::Exited { code, signal } = message {
                    return Ended { code, signal };
                }
                continue;
            }
            match self.stream.read(&mut buffer).await {
                Ok(length @ 1..) if self.frame.len() < MAX_MESSAGE as usize => {
                    self.frame
                        .extend_from_slice(buffer.get(..length).unwrap_or_default());
                }
                _ => return Ended::default(),
            }
        }
    }

    fn message(&mut self) -> Option<InitMessage> {
        let length = u32::from_be_bytes(self.frame.get(..4)?.try_into().ok()?) as usize;
        let message = serde_json::from_slice(self.frame.get(4..4 + length)?).ok();
        self.frame.drain(..4 + length);
        message
    }
}

/// A program killed for want of memory ended at its limit, not by itself.
pub(crate) fn exit_cause(
    ended: Ended,
    held: &Held,
    killed: bool,
    limits: &Limits,
    stderr_tail: String,
) -> EndCause {
    let by_kill = ended.signal == Some(libc::SIGKILL) || ended == Ended::default();
    if by_kill && (killed || held.out_of_memory_kills() > 0) {
        return EndCause::Limit {
            which: "memory".into(),
            limit: limits.memory_bytes,
            seen: limits.memory_bytes,
        };
    }
    EndCause::Exited {
        code: ended.code,
        signal: ended.signal,
        stderr_tail,
    }
}
