//! The actor host: one owner for each session.
//!
//! A command goes to the session's mailbox; its actor decides, commits to the log, and only then replies,
//! publishes and runs effects (the output gate). An idle actor leaves memory; sockets stay attached to the
//! [`hub`], which lives as long as anybody looks.

mod actor;
mod adopt;
mod alarms;
mod artifacts;
mod damaged;
mod effects;
mod error;
mod feed;
mod host;
mod hub;
mod link;
mod published;
mod runs;
mod slot;
mod subscription;
mod view;

pub use adopt::Adopted;
pub use damaged::{LOG_CORRUPT, LOG_CORRUPT_MESSAGE};
pub use error::SessionError;
pub use feed::{Feed, FeedError, FeedFigures, FeedOutgoing, FeedPlace, FeedReader, summary};
pub use host::{Created, EventPage, HostSettings, RunnerContext, Sessions};
pub use link::{RunnerHello, RunnerIncoming, RunnerLink, RunnerOutgoing};
pub use published::{Preview, Published};
pub use runs::RunLag;
pub use subscription::{Outgoing, Subscription};
pub use view::{Answer, View};
