//! Attacks, generated: from the description and the rows of the matrix where an attack fits every operation, from lists
//! of spellings where it doesn't. Each case is refused with the right kind of problem, and leaves no trace in the
//! organisation that it was aimed at. Each test prints how many cases it had.

#![expect(
    clippy::unwrap_used,
    reason = "what a test expects and does not get is a panic"
)]

#[path = "../support/browser.rs"]
#[expect(dead_code, reason = "other test binaries use the rest")]
mod browser;
#[path = "../support/caller.rs"]
#[expect(dead_code, reason = "other test binaries use the rest")]
mod caller;
#[path = "../support/dial.rs"]
#[expect(dead_code, reason = "other test binaries use the rest")]
mod dial;
#[path = "../support/house.rs"]
#[expect(dead_code, reason = "other test binaries use the rest")]
mod house;
#[path = "../support/operations.rs"]
mod operations;
#[path = "../support/row.rs"]
#[expect(dead_code, reason = "other test binaries use the rest")]
mod row;
#[path = "../support/rows/mod.rs"]
mod rows;
#[path = "../support/snapshot.rs"]
mod snapshot;
#[path = "../support/stage.rs"]
#[expect(dead_code, reason = "other test binaries use the rest")]
mod stage;
#[path = "../support/web_socket.rs"]
#[expect(dead_code, reason = "other test binaries use the rest")]
mod web_socket;

mod addresses;
mod assignment;
mod bodies;
mod cookies;
mod csrf;
mod dice;
mod harness;
mod hosts;
mod logins;
mod logs;
mod methods;
mod paths;
mod slow;
mod sockets;
mod strange;
mod streams;
mod tenants;
mod wire;
