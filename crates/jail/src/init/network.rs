//! The network namespace: loopback, and two listeners that the keeper serves from outside.

use std::{net::TcpListener, os::fd::OwnedFd};

use anyhow::{Context, Result};
use protocol::keeper::{NetworkMode, PROXY_PORT, UPLINK_PORT};

use crate::sys;

pub(crate) fn loopback_up() -> Result<()> {
    sys::loopback_up().context("bring up loopback")
}

/// Sockets made here belong to the sandbox's network namespace for life, whoever accepts on them.
pub(crate) fn listeners(mode: NetworkMode) -> Result<Vec<OwnedFd>> {
    match mode {
        NetworkMode::None => Ok(Vec::new()),
        NetworkMode::Relayed => [PROXY_PORT, UPLINK_PORT]
            .into_iter()
            .map(|port| {
                let listener =
                    TcpListener::bind(("127.0.0.1", port)).with_context(|| format!("listen on {port}"))?;
                listener.set_nonblocking(true)?;
                Ok(OwnedFd::from(listener))
            })
            .collect(),
    }
}
