//! The feed of an organisation under one address: a page, a stream of server-sent events, or a socket.

mod access;
pub(crate) mod events;
mod server_sent;
mod socket;
