//! What one sandbox may reach.

use std::{net::SocketAddr, sync::Arc};

use domain::address::{AllowList, Guard, Host, InvalidHost, Refusal};

/// The rules of one sandbox.
#[derive(Debug, Clone)]
pub struct EgressPolicy {
    pub allow: AllowList,
    /// Names that stand for one address each, ahead of the list.
    pub mapped: Vec<MappedHost>,
    pub guard: Arc<Guard>,
}

/// A name inside that stands for one address outside, for example the session's git host on the operator's
/// loopback, which a sandbox can't name otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedHost {
    name: Host,
    port: u16,
    to: SocketAddr,
}

/// Why a mapping was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingRefused {
    #[error("the name is not valid: {0}")]
    Name(#[from] InvalidHost),
    #[error(transparent)]
    Address(#[from] Refusal),
}

impl MappedHost {
    /// Maps `name:port` to `to`, if the operator opened that address.
    ///
    /// # Errors
    /// When the name is none or the guard refuses the address.
    pub fn new(name: &str, port: u16, to: SocketAddr, guard: &Guard) -> Result<Self, MappingRefused> {
        guard.check(to.ip(), to.port())?;
        Ok(Self {
            name: Host::parse(name)?,
            port,
            to,
        })
    }
}

impl EgressPolicy {
    /// Where a mapped name leads.
    pub(crate) fn mapped_to(&self, host: &Host, port: u16) -> Option<SocketAddr> {
        self.mapped
            .iter()
            .find(|mapped| mapped.name == *host && mapped.port == port)
            .map(|mapped| mapped.to)
    }
}
