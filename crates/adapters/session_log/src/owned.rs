//! A session's file in the hands of its owner, with what is known of it, so that an append reads nothing.

use ports::session_log::Acquired;
use rusqlite::Connection;

#[derive(Debug)]
pub(crate) struct Owned {
    pub(crate) connection: Connection,
    pub(crate) epoch: u64,
    /// The epoch is in the file. Before the first append it isn't: waking to look writes nothing.
    pub(crate) claimed: bool,
    pub(crate) position: u64,
    pub(crate) head: u64,
    /// As it is stored, milliseconds.
    pub(crate) alarm: Option<i64>,
}

impl Owned {
    /// From what was read through this connection.
    pub(crate) fn new(connection: Connection, epoch: u64, read: &Acquired, alarm: Option<i64>) -> Self {
        Self {
            connection,
            epoch,
            claimed: false,
            position: read.position,
            head: read.head,
            alarm,
        }
    }
}
