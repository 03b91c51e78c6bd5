//! The machine under test: examples for each rule, random lives checked against invariants, fixtures for clients.

mod examples;
mod fixtures;
mod invariants;
mod shown;
mod table;
mod world;
