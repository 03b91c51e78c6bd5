//! The master key of the installation: how far a change of it has come, and the work of it, a few rows at a time.
//!
//! Not for tenants: the operator asks, at the admin socket or without a server.

mod change;

pub use change::{MasterKeyReport, change_step, master_key_report};
