//! Agent drivers: the trait, and one module for each kind of agent.
//!
//! A driver runs inside the sandbox, in the runner's process. It knows one agent's own interface and turns it
//! into [`Signal`]s; it knows nothing of the server.

mod clock;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
mod driver;
mod errors;
mod opencode;
mod processes;
mod random;
mod redact;
mod registry;
mod script;
mod scripted;
mod tail;
mod text;

pub use driver::*;
pub use opencode::OpenCode;
pub use registry::{driver, names};
pub use scripted::Scripted;
