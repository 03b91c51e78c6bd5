//! Sandboxes on this machine: the [`local`] provider, and the [`relay`] by which their connections reach the server.
//!
//! The provider only arranges: directories, users, descriptions, records. What builds and holds a sandbox is the
//! runner binary, in processes of its own that outlive the server.

mod inside;
pub mod local;
mod locks;
mod registry;
pub mod relay;
mod sockets;

pub use local::{LocalProvider, LocalSettings};
pub use registry::Registry;
pub use relay::{RelayServer, RelayedConnection};
