//! The runner against a server, a git host and an agent made for the tests: real sockets, files and processes.

mod model;
mod probe;
mod session;
mod support;
mod uplink;
