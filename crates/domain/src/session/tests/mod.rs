//! The machine under test: examples for each rule, random lives checked against invariants, fixtures for clients.

mod artifacts;
mod endings;
mod examples;
mod fixtures;
mod generations;
mod invariants;
mod shown;
mod steering;
mod stored;
mod table;
mod world;
