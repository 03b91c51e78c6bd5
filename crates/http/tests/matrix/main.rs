//! The cross-tenant matrix: every operation of the description, asked by everybody who should and should not get an
//! answer. Each cell checks the status, the words, that nothing of the victim's is in them, and that the victim's
//! organisation is as it was. Roles and scopes come from the policy's own table.
//!
//! The description is the list of operations: one without a row, or a row without its operation, fails here. To add a
//! row, find (or make) the file of its noun in `support/rows`; docs/guides/security.md says how.

#![expect(
    clippy::unwrap_used,
    reason = "what a test expects and does not get is a panic"
)]

#[path = "../support/browser.rs"]
#[expect(dead_code, reason = "other test binaries use the rest")]
mod browser;
#[path = "../support/caller.rs"]
mod caller;
#[path = "../support/dial.rs"]
mod dial;
#[path = "../support/house.rs"]
#[expect(dead_code, reason = "other test binaries use the rest")]
mod house;
#[path = "../support/operations.rs"]
#[expect(dead_code, reason = "other test binaries use the rest")]
mod operations;
#[path = "../support/row.rs"]
mod row;
#[macro_use]
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

mod doors;
mod table;
mod visit;
