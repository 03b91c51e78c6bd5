//! The program inside a sandbox: prepares the workspace, drives the coding agent, and reports to the server.
//!
//! - [`run`] is the runner proper; [`probe`] answers one question about a workspace and ends;
//!   [`credential`] is both ends of the git credential helper.
//! - Everything that the server must not lose goes through [`spool`] and [`uplink`].
//! - [`artifacts`] sends what the agent leaves for people.
//! - [`model`] is the loopback endpoint through which the agent reaches its model.

pub mod artifacts;
pub mod clock;
pub mod credential;
pub mod entropy;
pub mod log;
pub mod model;
pub mod probe;
pub mod process;
mod redact;
pub mod repository;
pub mod run;
pub mod settings;
pub mod spool;
pub mod tail;
pub mod uplink;
pub mod workspace;
