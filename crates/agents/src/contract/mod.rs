//! What every driver must do, as functions that run on any of them; and the scripted model server that stands
//! in for a provider.

mod bench;
mod cases;
pub mod model;

pub use bench::{Bench, Record, Stage};
pub use cases::{CASES, Case, run};
