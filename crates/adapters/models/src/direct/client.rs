//! HTTP clients, one for each port.
//!
//! The guard judges an address together with its port, but the HTTP client tells its resolver the name alone; a
//! client that serves a single port closes the gap. Providers use few ports, so there are few clients.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::address::Guard;
use ports::model_gateway::ModelError;
use reqwest::{Client, redirect::Policy};

use super::lookup::{GuardedResolver, Lookup};

/// More clients than this are not kept; which one goes does not matter, it only costs a new handshake.
const MAX_CLIENTS: usize = 32;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest silence of a provider. Models think for minutes before the first byte.
const READ_TIMEOUT: Duration = Duration::from_secs(600);

pub(super) struct Clients {
    guard: Arc<Guard>,
    lookup: Arc<dyn Lookup>,
    by_port: Mutex<BTreeMap<u16, Client>>,
}

impl Clients {
    pub(super) fn new(guard: Arc<Guard>, lookup: Arc<dyn Lookup>) -> Self {
        Self {
            guard,
            lookup,
            by_port: Mutex::default(),
        }
    }

    pub(super) fn of_port(&self, port: u16) -> Result<Client, ModelError> {
        let mut by_port = self.by_port.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = by_port.get(&port) {
            return Ok(client.clone());
        }
        let client = self.build(port)?;
        if by_port.len() >= MAX_CLIENTS {
            by_port.pop_last();
        }
        by_port.insert(port, client.clone());
        Ok(client)
    }

    fn build(&self, port: u16) -> Result<Client, ModelError> {
        let (guard, lookup) = (Arc::clone(&self.guard), Arc::clone(&self.lookup));
        // Roots come from the system's store, or from SSL_CERT_FILE and SSL_CERT_DIR where those are set.
        Client::builder()
            .user_agent(concat!("agent-coordinator/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .pool_idle_timeout(Duration::from_secs(60))
            .dns_resolver(Arc::new(GuardedResolver { guard, lookup, port }))
            .build()
            .map_err(|error| ModelError::Unreachable(format!("no HTTP client could be made: {error}")))
    }
}

impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clients")
    }
}
