//! The door with everything behind it but the outside world, which is faked: routers are driven in process, time
//! stands still and randomness is seeded.

#![expect(
    clippy::unwrap_used,
    reason = "what a test expects and does not get is a panic"
)]

mod bad_input;
mod document;
mod faults;
mod house;
mod idempotency;
mod identity;
mod providers;
mod requests;
mod runner;
mod sessions;
mod socket;
mod streams;
mod tenants;
mod work;
