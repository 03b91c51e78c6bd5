//! The runner against a server, a git host and an agent made for the tests: real sockets, files and processes.
//!
//! The modules say `cfg(test)` so that clippy's leniency towards tests covers what they share, too.

#[cfg(test)]
mod binary;
#[cfg(test)]
mod hidden;
#[cfg(test)]
mod model;
#[cfg(test)]
mod probe;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod session;
#[cfg(test)]
mod support;
#[cfg(test)]
mod uplink;
