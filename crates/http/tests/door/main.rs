//! The door with everything behind it but the outside world, which is faked: routers are driven in process, time
//! stands still and randomness is seeded.

#![expect(
    clippy::unwrap_used,
    reason = "what a test expects and does not get is a panic"
)]

// What the other test binaries of this room have, too.
#[path = "../support/browser.rs"]
mod browser;
#[path = "../support/dial.rs"]
mod dial;
#[path = "../support/house.rs"]
mod house;
#[path = "../support/server_sent.rs"]
mod server_sent;
#[path = "../support/web_socket.rs"]
mod web_socket;

mod accounts;
mod artifacts;
mod attachments;
mod audit;
mod bad_input;
mod browsers;
mod bundles;
mod closing;
mod connections;
mod document;
mod faults;
mod feed;
mod frames;
mod hidden;
mod idempotency;
mod identity;
mod keys;
mod limits;
mod list;
mod logins;
mod nowhere;
mod organisations;
mod providers;
mod readiness;
mod requests;
mod runner;
mod runs;
mod second_factor;
mod secrets;
mod sessions;
mod sign_in;
mod socket;
mod streams;
mod tenants;
mod together;
mod web_app;
mod work;
