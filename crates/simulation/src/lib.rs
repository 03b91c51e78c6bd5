//! A seeded simulation of the session engine: the real actors on a virtual clock, in a world that goes wrong.
//!
//! One seed is one run, the same each time: how many take part, what fails when, where the server dies. The rules that
//! must hold are checked at each commit and at each word that leaves the process; `docs/guides/simulation.md` lists
//! them.

mod clock;
mod life;
mod mutant;
mod oracle;
mod people;
mod plan;
mod rng;
mod run;
mod runner;
mod stores;
mod tally;
mod world;

pub use mutant::Mutant;
pub use run::{Outcome, Violation, many, simulate};
pub use tally::Tally;
