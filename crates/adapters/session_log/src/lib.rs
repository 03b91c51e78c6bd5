//! The session log on SQLite: one file for each session, at `<data directory>/sessions/<ab>/<session id>.db`.
//!
//! Write-ahead logging with `synchronous=FULL`: what an append answered is on disk. One process holds the data
//! directory, and in it one owner at a time holds a file; each ownership has a higher epoch, which goes into the file
//! with its first append, and an append of an older one is refused. The files open at a time are bounded: the one
//! that was not used for longest is closed and opened again when it is needed. Anyone may read, with connections of
//! their own. rusqlite is synchronous, so all of it runs on
//! tokio's blocking threads, a bounded number at a time.

mod acquire;
mod append;
mod blocking;
mod error;
mod facts;
mod file;
mod log;
mod old_tokens;
mod open_files;
mod owned;
mod place;
mod quarantine;
mod read;
mod recall;
mod row;
mod schema;
mod template;

pub use log::SqliteSessionLog;
pub use old_tokens::{OldTokens, old_tokens};
pub use quarantine::{Damaged, damaged};
