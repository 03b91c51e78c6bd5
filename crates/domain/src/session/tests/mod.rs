//! The machine under test: examples for each rule, and random lives checked against invariants.

mod examples;
mod invariants;
mod shown;
mod world;
