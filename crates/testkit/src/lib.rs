//! What tests are made of: for each port an in-memory fake, a contract that says what every adapter must do,
//! and a catalogue of faults with a decorator that injects them.
//!
//! The [`registry`] ties the pieces together from the one list of ports, so a port that lacks one does not
//! compile. What the compiler cannot see (that a contract ran on a real adapter, that a fault was injected)
//! goes into the [`ledger`].
//!
//! To add a port: add it to `ports::for_each_port!`, then write `fake/<port>.rs`, `contract/<port>.rs` and
//! `fault/<port>.rs`; the compiler names what is missing. Run the contract on the real adapter in its own tests.

pub mod contract;
pub mod fake;
pub mod fault;
pub mod ledger;
pub mod model_server;
pub mod postgres;
pub mod registry;
pub mod sample;
pub mod scene_server;
