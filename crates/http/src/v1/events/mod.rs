//! A session's events: pages, server-sent events, and the socket.

pub(crate) mod list;
mod reader;
mod server_sent;
pub(crate) mod socket;
mod writer;
