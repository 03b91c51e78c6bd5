//! Calls of a sandbox, from request to answer and usage.

mod answers;
mod faults;
mod refusals;
mod world;
