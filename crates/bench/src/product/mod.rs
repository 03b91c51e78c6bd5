//! The server under test: the real process, with a stand-in for the runner that starts no sandbox.

mod asleep;
mod keepers;
mod server;
mod stand_in;
mod unix;

pub(crate) use asleep::{find, multiply};
pub(crate) use keepers::Keepers;
pub(crate) use server::Server;
pub(crate) use stand_in::stand_in;
pub(crate) use unix::reach;
