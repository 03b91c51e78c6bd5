//! The machine under test: examples for each rule, random lives checked against invariants, fixtures for clients.

mod endings;
mod examples;
mod fixtures;
mod generations;
mod invariants;
mod shown;
mod steering;
mod table;
mod world;
