//! The session log on SQLite: one file for each session, at `<data directory>/sessions/<ab>/<session id>.db`.
//!
//! Write-ahead logging with `synchronous=FULL`: what an append answered is on disk. One owner at a time holds a
//! file open; the epoch in the file, checked in the same transaction as the write, keeps an older owner out.
//! Anyone may read, with short-lived connections of their own. rusqlite is synchronous, so all of it runs on
//! tokio's blocking threads, a bounded number at a time.

mod acquire;
mod append;
mod blocking;
mod error;
mod file;
mod log;
mod place;
mod read;
mod recall;
mod row;
mod schema;

pub use log::SqliteSessionLog;
