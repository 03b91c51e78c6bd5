//! The run history on PostgreSQL.
//!
//! Nothing here is needed to start: connections are made when they are used, and the schema is brought up to date by
//! the first call that gets through. Queries are checked at run time, by the contract that all histories keep.

mod connect;
mod error;
mod migrations;
mod run_history;
mod usage;

pub use connect::{PostgresRuns, UrlError, check_address};
