//! Names to addresses, through the guard.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use async_trait::async_trait;
use domain::address::{Guard, Refusal};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Resolves names.
#[async_trait]
pub trait Lookup: Send + Sync {
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((name, 0))
            .await?
            .map(|address| address.ip())
            .collect())
    }
}

/// Every address of the name was refused. Found again in the error chain of the HTTP client.
#[derive(Debug, thiserror::Error)]
#[error("{name} leads to an address that is not allowed: {refusal}")]
pub(super) struct NameRefused {
    name: String,
    refusal: Refusal,
}

/// The resolver of the HTTP client for one port: hands out checked addresses only, and the client connects to
/// exactly those.
pub(super) struct GuardedResolver {
    pub(super) guard: Arc<Guard>,
    pub(super) lookup: Arc<dyn Lookup>,
    pub(super) port: u16,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, lookup, port) = (Arc::clone(&self.guard), Arc::clone(&self.lookup), self.port);
        Box::pin(async move {
            let name = name.as_str();
            let mut refused = None;
            let mut allowed = Vec::new();
            for ip in lookup.lookup(name).await? {
                match guard.check(ip, port) {
                    Ok(()) => allowed.push(SocketAddr::new(ip, 0)),
                    Err(refusal) => refused = refused.or(Some(refusal)),
                }
            }
            match refused {
                Some(refusal) if allowed.is_empty() => Err(NameRefused {
                    name: name.to_owned(),
                    refusal,
                }
                .into()),
                _ if allowed.is_empty() => {
                    Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into())
                }
                _ => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}
