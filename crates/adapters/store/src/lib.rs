//! The embedded stores, on SQLite: `coordinator.db` (users, organisations, keys, model providers, environments,
//! the catalogue of sessions) `runs.db` (the history of finished turns) `feed.db` (what happened in each
//! organisation, for a while) and `audit.db` (who did what) and `keys.db` (the wrapped data keys of organisations), and the lock that makes one process
//! the owner of a data directory.
//!
//! Each file has one writing connection and a few reading ones, in write-ahead logging with `synchronous=FULL`.
//! Ids are kept as 16 bytes, highest first, so they sort by time. The effect of a mutation and its idempotency
//! key are written in one transaction.

mod accounts;
mod api_key;
mod audit;
mod catalog;
mod codec;
mod database;
mod engine;
mod environment;
mod error;
mod feed;
mod idempotency;
mod identities;
mod identity;
mod invitation;
mod job;
mod keys;
mod lock;
mod look;
mod member;
mod organisation;
mod organisation_key;
mod organisations;
mod provider;
mod run_history;
mod schema;
mod secret;
mod session;
mod sign_in;
mod tenants;
mod usage;
mod wrapped;

pub use audit::{AuditDatabase, AuditFile, FileError};
pub use database::{Database, RunDatabase};
pub use feed::FeedDatabase;
pub use lock::{DataDirLock, LockError};
pub use look::{Owed, kept, owed};
pub use organisation_key::KeyDatabase;
pub use wrapped::{WrappedKeys, wrapped_keys};
