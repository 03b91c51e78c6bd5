//! The keeper of a long-lived sandbox: a process of its own that outlives the server.
//!
//! It holds the sandbox's lifeline (when it dies, the sandbox dies), relays the sandbox's two listeners to the
//! server, watches limits, answers the server on a socket, and takes everything down when the program ends, when
//! it is told to, or when no server has claimed it for too long.

pub(crate) mod control;
mod presence;
mod record;
pub(crate) mod relay;
pub(crate) mod sockets;
pub(crate) mod streams;
pub(crate) mod supervise;
pub mod sweep;
pub(crate) mod teardown;
pub(crate) mod watch;

use std::{
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use nix::{
    fcntl::{Flock, FlockArg},
    sys::{
        prctl,
        stat::{Mode, umask},
    },
    unistd::setsid,
};
use protocol::keeper::{KeeperReport, KeeperSpec};

use crate::{launch, sys};

/// Longest description on standard input.
pub(crate) const MOST_SPEC: u64 = 8 * 1024 * 1024;

/// Reads a [`KeeperSpec`] from standard input, detaches, starts the sandbox, reports on standard output, stays.
#[must_use]
pub fn main() -> ExitCode {
    match begin() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&KeeperReport::Failed {
                cause: format!("{error:#}"),
                retryable: false,
            });
            ExitCode::FAILURE
        }
    }
}

/// What every process does that reads a specification: nobody may look into it, nothing is inherited.
pub(crate) fn close_the_door() -> Result<()> {
    prctl::set_dumpable(false)?;
    umask(Mode::from_bits_truncate(0o077));
    sys::close_all_but(&[])?;
    Ok(())
}

fn begin() -> Result<()> {
    close_the_door()?;
    let mut text = Vec::new();
    io::stdin().take(MOST_SPEC + 1).read_to_end(&mut text)?;
    if text.len() as u64 > MOST_SPEC {
        bail!("the description is too long");
    }
    // The error is not passed on: it may quote the text, which holds a token.
    let spec: KeeperSpec =
        serde_json::from_slice(&text).map_err(|_| anyhow::anyhow!("cannot read the description"))?;
    drop(text);
    // Twice, with a session in between: no controlling terminal, no parent that waits or is waited for.
    if let sys::Fork::Parent(_) = sys::fork()? {
        return Ok(());
    }
    setsid()?;
    if let sys::Fork::Parent(_) = sys::fork()? {
        std::process::exit(0);
    }
    std::env::set_current_dir("/")?;
    keep(spec)
}

fn keep(spec: KeeperSpec) -> Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&spec.state_dir)
        .with_context(|| format!("make {}", spec.state_dir.display()))?;
    let Some(_lock) = lock_patiently(&spec.state_dir)? else {
        report(&KeeperReport::Failed {
            cause: "this sandbox already has a keeper".into(),
            retryable: true,
        });
        return Ok(());
    };
    record::clear(&spec.state_dir);
    let control = sockets::listen(&spec.control_socket).context("listen for the server")?;
    let launched = match launch::launch(&spec.sandbox_id.to_string(), &spec.jail, Some(&spec.state_dir)) {
        Ok(launched) => launched,
        Err(error) => {
            record::remove_all(&spec);
            report(&KeeperReport::Failed {
                cause: error.cause,
                retryable: error.retryable,
            });
            return Ok(());
        }
    };
    let record = record::write(&spec, &launched.isolation);
    match record {
        Ok(record) => {
            report(&KeeperReport::Started {
                record: Box::new(record.clone()),
            });
            detach_streams(&spec.state_dir)?;
            supervise::run(spec, launched, record, control)
        }
        Err(error) => {
            teardown::now(launched);
            record::remove_all(&spec);
            Err(error)
        }
    }
}

/// As [`lock`], but a keeper whose sandbox has ended may finish saying so.
fn lock_patiently(state: &Path) -> Result<Option<Flock<std::fs::File>>> {
    const STEPS: u32 = 500;
    for _ in 0..STEPS {
        if let Some(lock) = lock(state)? {
            return Ok(Some(lock));
        }
        if !record::has_ended(state) {
            return Ok(None);
        }
        nix::poll::poll(&mut [], nix::poll::PollTimeout::from(10_u8))?;
    }
    Ok(None)
}

/// At most one keeper for a sandbox; the lock goes with the process.
pub(crate) fn lock(state: &Path) -> Result<Option<Flock<std::fs::File>>> {
    let path = state.join("lock");
    let file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)?;
    match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
        Ok(lock) => Ok(Some(lock)),
        Err((_, nix::errno::Errno::EWOULDBLOCK)) => Ok(None),
        Err((_, error)) => Err(error.into()),
    }
}

fn report(report: &KeeperReport) {
    if let Ok(mut line) = serde_json::to_vec(report) {
        line.push(b'\n');
        // A server that is gone already is no reason to end: another will find the record.
        let _ = io::stdout().write_all(&line);
        let _ = io::stdout().flush();
    }
}

/// From here on nobody listens to the standard streams; what goes wrong is written next to the record.
fn detach_streams(state: &Path) -> Result<()> {
    let null = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/null")?;
    let log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(state.join("keeper.log"))?;
    nix::unistd::dup2_stdin(&null)?;
    nix::unistd::dup2_stdout(&null)?;
    nix::unistd::dup2_stderr(&log)?;
    Ok(())
}
