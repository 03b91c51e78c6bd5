//! Git credentials on demand: git inside asks our helper, the helper asks the runner over a socket, the runner
//! asks the server. Nothing of it is ever written to disk.

mod broker;
mod format;
mod helper;

pub use broker::{Broker, Scope};
pub use helper::main as helper;
