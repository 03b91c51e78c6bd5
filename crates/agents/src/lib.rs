//! Agent drivers: the trait, and one module for each kind of agent.
//!
//! A driver runs inside the sandbox, in the runner's process. It knows one agent's own interface and turns it
//! into [`Signal`]s; it knows nothing of the server.

mod driver;

pub use driver::*;
