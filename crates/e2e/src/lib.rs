//! Journeys and fault runs with the real programs: a server of its own for each test, on a port and in a directory
//! of its own, gone without a trace afterwards.
//!
//! The programs come from `COORDINATOR_BIN_DIR`, else from `target/release`. Where they are missing, a test fails
//! and says how to build them: a journey that is skipped proves nothing.

mod client;
mod git_server;
mod programs;
mod repository;
mod server;

pub use client::{Client, PATIENCE};
pub use git_server::GitServer;
pub use programs::{program, programs_directory};
pub use repository::Repositories;
pub use server::{Output, Server, Start};
