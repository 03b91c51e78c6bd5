//! The answer to "may the server connect there?", asked before an address is stored.

use std::sync::Arc;

use app::{AddressCheck, AddressRefused};
use async_trait::async_trait;
use domain::address::{Guard, Host};
use models::Lookup;
use protocol::session::Repository;
use url::Url;

use super::git_host;

/// The guard, with a resolver before it.
pub(super) struct Addresses {
    pub(super) guard: Arc<Guard>,
    pub(super) lookup: Arc<dyn Lookup>,
}

#[async_trait]
impl AddressCheck for Addresses {
    async fn check(&self, url: &str) -> Result<(), AddressRefused> {
        let refused = |why: String| AddressRefused(why);
        let url = Url::parse(url).map_err(|error| refused(error.to_string()))?;
        let port = url
            .port_or_known_default()
            .ok_or_else(|| refused("the address names no port".into()))?;
        let host =
            Host::parse(url.host_str().unwrap_or_default()).map_err(|error| refused(error.to_string()))?;
        let name = match host {
            Host::Ip(ip) => return self.guard.check(ip, port).map_err(|why| refused(why.to_string())),
            Host::Name(name) => name,
        };
        // A name that does not resolve passes: whoever connects says so better.
        let Ok(found) = self.lookup.lookup(&name).await else {
            return Ok(());
        };
        let mut why = None;
        for ip in found {
            match self.guard.check(ip, port) {
                Ok(()) => return Ok(()),
                Err(refusal) => why = Some(refusal),
            }
        }
        why.map_or(Ok(()), |why| {
            Err(refused(format!(
                "{name} leads to an address that is not allowed: {why}"
            )))
        })
    }

    fn clone_url(&self, repository: &Repository) -> Option<String> {
        git_host::inside(&repository.url)
    }
}
