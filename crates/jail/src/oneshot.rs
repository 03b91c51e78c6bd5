//! A throw-away sandbox that answers one question: started by the server as its child, gone with the answer, the
//! deadline or the server. The jail is the same as that of a long-lived sandbox.

use std::{
    io::{self, Read, Write},
    process::ExitCode,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use protocol::keeper::{
    EndCause, OneshotOutcome, OneshotReport, OneshotSpec, RelayChannel, RelayPreamble, Usage,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    process::{ChildStderr, ChildStdout},
    sync::mpsc,
    time::{sleep, timeout},
};

use crate::{
    keeper::{
        self,
        relay::{self, Origin},
        streams::{self, Tail},
        supervise::{self, Program},
        teardown,
        watch::Watch,
    },
    launch::{self, Launched},
};

/// Reads a [`OneshotSpec`] line from standard input and runs it.
#[must_use]
pub fn main() -> ExitCode {
    let report = match begin() {
        Ok(report) => report,
        Err(error) => not_started(format!("{error:#}"), true),
    };
    let success = matches!(report.outcome, OneshotOutcome::Exited { code: Some(0), .. });
    if let Ok(mut line) = serde_json::to_vec(&report) {
        line.push(b'\n');
        let _ = io::stderr().write_all(&line);
    }
    if success {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn not_started(cause: String, retryable: bool) -> OneshotReport {
    OneshotReport {
        outcome: OneshotOutcome::NotStarted { cause, retryable },
        stderr_tail: String::new(),
    }
}

fn begin() -> Result<OneshotReport> {
    keeper::close_the_door()?;
    let spec = read_spec()?;
    // Held for life: who finds the lock free may sweep.
    let Some(_lock) = keeper::lock(&spec.state_dir)? else {
        return Ok(not_started("this sandbox is there already".into(), true));
    };
    let launched = match launch::launch(&spec.sandbox_id.to_string(), &spec.jail, Some(&spec.state_dir)) {
        Ok(launched) => launched,
        Err(error) => return Ok(not_started(error.cause, error.retryable)),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(4)
        .build()?;
    let report = runtime.block_on(run(&spec, launched));
    // Standard input may be waiting for the server for ever.
    runtime.shutdown_background();
    let _ = std::fs::remove_file(spec.state_dir.join(launch::GROUPS));
    report
}

/// The first line, byte by byte: what follows is the lifeline and must stay unread.
fn read_spec() -> Result<OneshotSpec> {
    let mut text = Vec::new();
    for byte in io::stdin().lock().take(keeper::MOST_SPEC).bytes() {
        match byte? {
            b'\n' => break,
            byte => text.push(byte),
        }
    }
    serde_json::from_slice(&text).map_err(|_| anyhow::anyhow!("cannot read the description"))
}

async fn run(spec: &OneshotSpec, mut launched: Launched) -> Result<OneshotReport> {
    let tail = Tail::default();
    let killed = Arc::new(AtomicBool::new(false));
    let (breach, mut breaches) = mpsc::channel(4);
    let origin = Origin {
        preamble: RelayPreamble {
            sandbox_id: spec.sandbox_id,
            session_id: spec.session_id,
            generation: spec.generation,
            channel: RelayChannel::Proxy,
        },
        server_socket: spec.server_socket.clone(),
    };
    for (listener, channel) in launched
        .listeners
        .drain(..)
        .zip([RelayChannel::Proxy, RelayChannel::Uplink])
    {
        tokio::spawn(relay::serve(listener, origin.on(channel)));
    }
    supervise::feed(&mut launched, spec.stdin.clone().into_bytes());
    let stderr = launched.stderr.take().context("no standard error")?;
    let errors = tokio::spawn(streams::drain(
        ChildStderr::from_std(stderr)?,
        None,
        Some(tail.clone()),
    ));
    let stdout = ChildStdout::from_std(launched.stdout.take().context("no standard output")?)?;
    let output = tokio::spawn(pass_on(stdout, spec.max_output_bytes));
    Watch {
        view: Arc::new(launched.view.take().context("no view")?),
        held: launched.held.clone(),
        limits: spec.jail.limits,
        directories: Watch::directories(&spec.jail),
        usage: Arc::new(Mutex::new(Usage::default())),
        killed: killed.clone(),
        breach,
    }
    .start();

    let mut program = Program::new(&launched)?;
    let mut output = output;
    let mut drained = None;
    let deadline = sleep(Duration::from_millis(spec.timeout_ms));
    tokio::pin!(deadline);
    let outcome = loop {
        tokio::select! {
            // The answer has to be out before the program's end means anything.
            whole = &mut output, if drained.is_none() => match whole {
                Ok(Passed::Whole) => drained = Some(()),
                Ok(Passed::TooLarge) => break OneshotOutcome::OutputTooLarge,
                _ => break OneshotOutcome::Cancelled,
            },
            ended = program.ended() => {
                let _ = timeout(Duration::from_millis(500), errors).await;
                if drained.is_none() {
                    // Someone in the sandbox may still hold the stream open; that one dies with the sandbox.
                    launched.kill();
                    match (&mut output).await {
                        Ok(Passed::TooLarge) => break OneshotOutcome::OutputTooLarge,
                        Ok(Passed::Gone) => break OneshotOutcome::Cancelled,
                        _ => {}
                    }
                }
                let killed = killed.load(Ordering::Relaxed);
                break match supervise::exit_cause(ended, &launched.held, killed, &spec.jail.limits, String::new()) {
                    EndCause::Exited { code, signal, .. } => OneshotOutcome::Exited { code, signal },
                    EndCause::Limit { which, limit, seen } => OneshotOutcome::Limit { which, limit, seen },
                    EndCause::Stopped | EndCause::Abandoned => OneshotOutcome::Cancelled,
                };
            }
            () = &mut deadline => break OneshotOutcome::TimedOut,
            cause = breaches.recv() => {
                if let Some(EndCause::Limit { which, limit, seen }) = cause {
                    break OneshotOutcome::Limit { which, limit, seen };
                }
            }
            () = lifeline() => break OneshotOutcome::Cancelled,
        }
    };
    teardown::run(&mut launched).await;
    Ok(OneshotReport {
        outcome,
        stderr_tail: tail.text(),
    })
}

/// Returns when the server is gone or wants no answer any more.
async fn lifeline() {
    let mut buffer = [0; 64];
    let mut stdin = tokio::io::stdin();
    while let Ok(1..) = stdin.read(&mut buffer).await {}
}

enum Passed {
    Whole,
    TooLarge,
    Gone,
}

async fn pass_on(mut from: impl AsyncRead + Unpin, most: u64) -> Passed {
    let mut to = tokio::io::stdout();
    let mut buffer = vec![0; 64 * 1024];
    let mut left = most;
    loop {
        let length = match from.read(&mut buffer).await {
            Ok(0) | Err(_) => break,
            Ok(length) => length,
        };
        let allowed = usize::try_from(left).unwrap_or(usize::MAX).min(length);
        if to
            .write_all(buffer.get(..allowed).unwrap_or_default())
            .await
            .is_err()
        {
            return Passed::Gone;
        }
        if allowed < length {
            let _ = to.flush().await;
            return Passed::TooLarge;
        }
        left -= allowed as u64;
    }
    if to.flush().await.is_err() {
        Passed::Gone
    } else {
        Passed::Whole
    }
}
