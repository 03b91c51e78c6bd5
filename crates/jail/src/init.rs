//! The process that builds a jail and then stays as its first process.
//!
//! A keeper executes this afresh, so that it has one thread and nothing inherited. The order of steps is the
//! point of this file: host paths are opened while the process may still see them; then, if it is root, it
//! becomes the sandbox's own ordinary user; only then does it enter namespaces. A single-line user mapping made
//! by root would leave "an ordinary user" inside with root's rights on every file outside.

mod capture;
mod devices;
mod etc;
mod files;
mod network;
mod processes;
mod program;
mod reap;
mod seccomp;
mod system;
mod tree;
mod user;

use std::{
    io::{Read, Write},
    os::{
        fd::{AsFd, AsRawFd},
        unix::net::UnixStream,
    },
    process::ExitCode,
};

use anyhow::{Context, Result, anyhow, bail};
use nix::{
    fcntl::OFlag,
    sys::wait::{WaitStatus, waitpid},
    unistd::pipe2,
};

use crate::{
    sys,
    wire::{self, InitMessage, InitSpec},
};

/// Builds the jail described on the inherited socket, runs the program in it and exits as it did.
#[must_use]
pub fn main() -> ExitCode {
    let Some(control) = control_socket() else {
        return ExitCode::from(125);
    };
    match run(&control) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // The keeper turns this into its report; without a keeper there is nobody to tell.
            let failed = InitMessage::Failed {
                cause: format!("{error:#}"),
            };
            let _ = wire::send(&control, &failed, &[]);
            ExitCode::from(125)
        }
    }
}

fn control_socket() -> Option<UnixStream> {
    let number = std::env::args().nth(2)?.parse().ok()?;
    let fd = sys::inherited(number).ok()?;
    sys::close_all_but(&[fd.as_raw_fd()]).ok()?;
    Some(UnixStream::from(fd))
}

fn run(control: &UnixStream) -> Result<u8> {
    user::die_with_parent()?;
    let Some((spec, _)) = wire::receive::<InitSpec>(control)? else {
        bail!("the keeper is gone")
    };
    nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o022));
    user::expendable();
    let captured = enter(&spec)?;
    let (wait, go) = pipe2(OFlag::O_CLOEXEC)?;
    match sys::fork().context("start the first process")? {
        sys::Fork::Child => {
            // Tied to the outer half, which is tied to the keeper: whoever dies takes the whole sandbox along.
            user::die_with_parent()?;
            drop(go);
            // The outer half speaks first: two must not talk on one stream. No word means that it is gone.
            std::fs::File::from(wait)
                .read_exact(&mut [0])
                .context("the outer half is gone")?;
            first_process(control, spec, captured)
        }
        sys::Fork::Parent(child) => {
            drop(captured);
            reap::release_streams()?;
            let pidfd = sys::pidfd_open(child).context("open the first process")?;
            wire::send(control, &InitMessage::Forked, &[pidfd.as_fd()])?;
            drop(wait);
            std::fs::File::from(go).write_all(&[1])?;
            loop {
                match waitpid(child, None) {
                    Err(nix::errno::Errno::EINTR) => {}
                    Ok(WaitStatus::Exited(_, code)) => return Ok(u8::try_from(code).unwrap_or(125)),
                    Ok(WaitStatus::Signaled(_, signal, _)) => {
                        return Ok(u8::try_from(128 + signal as i32).unwrap_or(125));
                    }
                    Ok(_) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
}

/// Opens what the jail will show, gives up root, enters the namespaces.
fn enter(spec: &InitSpec) -> Result<capture::Captured> {
    let captured = if nix::unistd::geteuid().is_root() {
        user::own_mounts().context("enter a mount namespace as root")?;
        let captured = capture::capture(&spec.jail)?;
        user::give_streams(spec.jail.host_uid).context("hand over the standard streams")?;
        user::become_user(spec.jail.host_uid)?;
        user::unshare_all()?;
        captured
    } else {
        user::unshare_all()?;
        user::private_mounts().context("use the new user namespace (does a security module restrict it?)")?;
        capture::capture(&spec.jail)?
    };
    Ok(captured)
}

/// Process 1 of the sandbox: finishes the view, locks the door, starts the program, reaps.
fn first_process(control: &UnixStream, spec: InitSpec, captured: capture::Captured) -> Result<u8> {
    let mut notes = Vec::new();
    nix::unistd::sethostname(&spec.host_name).context("set the host name")?;
    network::loopback_up()?;
    let listeners = network::listeners(spec.jail.network)?;
    tree::build(&spec.jail, captured)?;
    processes::mask(&mut notes);
    let view = processes::view().context("open the sandbox's own view")?;
    let program = program::Program::prepare(&spec.jail)?;
    user::limit_resources(&spec)?;
    user::give_up_privileges()?;
    let landlock_abi = files::restrict(&spec.jail, &mut notes)?;
    seccomp::restrict().map_err(|error| anyhow!("install the system call filter: {error}"))?;

    let mut fds: Vec<_> = view.iter().map(AsFd::as_fd).collect();
    fds.extend(listeners.iter().map(AsFd::as_fd));
    wire::send(control, &InitMessage::Ready { landlock_abi, notes }, &fds)?;
    drop((view, listeners));
    reap::run(control, program)
}
