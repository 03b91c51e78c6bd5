//! The jail of a local sandbox: how it is built ([`init`]), who keeps it alive and limited ([`keeper`]), how a
//! throw-away one answers one question ([`oneshot`]) and how a host finds out what it can offer ([`self_check`]).
//!
//! Everything here runs in processes of its own, started by re-executing the runner binary. Entry points must be
//! reached before any thread exists: namespaces and process credentials belong to single-threaded processes.

mod clock;
pub mod init;
pub mod keeper;
mod launch;
mod limits;
pub mod oneshot;
pub mod self_check;
mod sys;
mod wire;

use std::process::ExitCode;

/// First argument that selects the keeper of a long-lived sandbox.
pub const KEEPER: &str = "keeper";
/// First argument that selects the process which builds a jail; only a keeper starts it.
pub const INIT: &str = "sandbox-init";
/// First argument that selects a one-shot sandbox.
pub const ONESHOT: &str = "oneshot";
/// First argument that removes what a keeper which was killed left on the host.
pub const SWEEP: &str = "sweep";
/// First argument that tries out what isolation this host offers.
pub const SELF_CHECK: &str = "self-check";

/// Runs the process that the first argument names, or answers `None` when it is not one of the jail's.
///
/// A `main` calls this first, before it starts a thread or a runtime.
#[must_use]
pub fn dispatch() -> Option<ExitCode> {
    let word = std::env::args_os().nth(1)?;
    match word.to_str()? {
        KEEPER => Some(keeper::main()),
        INIT => Some(init::main()),
        ONESHOT => Some(oneshot::main()),
        SWEEP => Some(keeper::sweep::main()),
        SELF_CHECK => Some(self_check::main()),
        _ => None,
    }
}
