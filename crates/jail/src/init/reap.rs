//! Life as process 1: start the program, pass on the request to end, bury the dead, leave when the program does.
//!
//! When process 1 exits, the kernel kills everything left in the sandbox.

use std::{
    io::{Read, Write},
    os::{fd::OwnedFd, unix::net::UnixStream},
};

use anyhow::{Context, Result, bail};
use nix::{
    errno::Errno,
    fcntl::OFlag,
    sys::{
        signal::{SigSet, Signal, kill},
        wait::{WaitPidFlag, WaitStatus, waitpid},
    },
    unistd::{Pid, pipe2},
};

use super::program::Program;
use crate::{
    sys,
    wire::{self, InitMessage},
};

pub(crate) fn run(control: &UnixStream, program: Program) -> Result<u8> {
    let mut wanted = SigSet::empty();
    for signal in [Signal::SIGCHLD, Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP] {
        wanted.add(signal);
    }
    wanted.thread_block()?;
    let child = start(&program)?;
    drop(program);
    // Standard streams belong to the program alone, so that the keeper sees their end when it ends.
    release_streams()?;
    wire::send(control, &InitMessage::Running, &[])?;
    loop {
        match wanted.wait() {
            Ok(Signal::SIGCHLD) => {
                if let Some((code, signal)) = bury(child)? {
                    // The keeper may have died; then there is nobody to tell.
                    let _ = wire::send(control, &InitMessage::Exited { code, signal }, &[]);
                    let status = code.unwrap_or_else(|| 128 + signal.unwrap_or(0));
                    return Ok(u8::try_from(status & 0xff).unwrap_or(125));
                }
            }
            Ok(_) => {
                let _ = kill(child, Signal::SIGTERM);
            }
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Starts the program and waits until it really runs: a failure travels through a pipe that closes on success.
fn start(program: &Program) -> Result<Pid> {
    let (read, write) = pipe2(OFlag::O_CLOEXEC)?;
    match sys::fork().context("start the program")? {
        sys::Fork::Child => {
            drop(read);
            let error = program.exec();
            let _ = std::fs::File::from(write).write_all(error.to_string().as_bytes());
            std::process::exit(127);
        }
        sys::Fork::Parent(child) => {
            drop(write);
            let mut cause = String::new();
            std::fs::File::from(read).take(1024).read_to_string(&mut cause)?;
            if !cause.is_empty() {
                bail!("start the program: {cause}");
            }
            Ok(child)
        }
    }
}

pub(crate) fn release_streams() -> Result<()> {
    let null = OwnedFd::from(
        std::fs::OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/null")?,
    );
    nix::unistd::dup2_stdin(&null)?;
    nix::unistd::dup2_stdout(&null)?;
    nix::unistd::dup2_stderr(&null)?;
    Ok(())
}

/// Collects every process that has ended; answers how the program ended, once it has.
fn bury(program: Pid) -> Result<Option<(Option<i32>, Option<i32>)>> {
    let mut ended = None;
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(pid, code)) if pid == program => ended = Some((Some(code), None)),
            Ok(WaitStatus::Signaled(pid, signal, _)) if pid == program => {
                ended = Some((None, Some(signal as i32)))
            }
            Ok(WaitStatus::StillAlive) | Err(Errno::ECHILD) => return Ok(ended),
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
