//! What tests are made of: for each port an in-memory fake, a contract that says what every adapter must do,
//! and a catalogue of faults with a decorator that injects them.
//!
//! The [`registry`] ties the pieces together from the one list of ports, so a port that lacks one does not
//! compile. What the compiler cannot see (that a contract ran on a real adapter, that a fault was injected)
//! goes into the [`ledger`].

pub mod fake;
