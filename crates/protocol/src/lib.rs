//! The words everyone shares: ids, events, commands, frames and problem codes.
//!
//! This room is vocabulary only: `serde` types without IO, clock or randomness. What is written here is also
//! the **stored format** of a session's log, so changes are additive only; golden fixtures under `fixtures/`
//! hold old records and must stay readable.

pub mod agent;
pub mod api;
pub mod audit;
pub mod environment;
pub mod event;
pub mod id;
pub mod keeper;
pub mod media;
pub mod money;
pub mod org_event;
pub mod probe;
pub mod problem;
pub mod run;
pub mod runner;
pub mod session;
pub mod socket;
pub mod time;
pub mod usage;

pub use event::{Event, EventBody};
pub use id::*;
pub use money::MicroUsd;
pub use org_event::{OrgEvent, OrgEventBody};
pub use problem::{Problem, ProblemCode};
pub use time::Timestamp;
