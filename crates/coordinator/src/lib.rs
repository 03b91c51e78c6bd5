//! The composition root: configuration, the server's life, and the command line.
//!
//! This room is the only one that knows every adapter. [`serve`] puts them together; [`cli`] is what a person
//! types; the client commands ([`run`], [`journey`]) use the public API alone and work against any server.

pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
pub mod doctor;
pub mod journey;
pub mod run;
pub mod serve;
