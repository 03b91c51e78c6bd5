//! The load: runner doubles and clients, as cheap as they can be, so that the server has the processors.

mod client;
mod http;
mod replay;
mod runner;
mod stamp;
pub(crate) mod wire;

pub(crate) use client::Client;
pub(crate) use http::Http;
pub(crate) use replay::Replay;
pub(crate) use runner::{Door, Runner};
pub(crate) use stamp::{FILLER, Stamp};
pub(crate) use wire::{Frames, upgrade};
