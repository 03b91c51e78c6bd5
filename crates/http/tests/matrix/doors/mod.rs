//! Doors that are no plain requests: sockets, streams, tickets, and what sandboxes call.

mod sockets;
mod streams;
mod tickets;
mod uplink;
