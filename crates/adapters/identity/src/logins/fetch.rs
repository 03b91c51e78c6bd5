//! The one HTTP client of this room: it asks the guard about every address, follows nothing, and takes no more than a
//! little, soon.
//!
//! What is asked for comes out of documents that a provider wrote: its discovery names the other addresses. So the
//! guard judges each of them, however the provider came by it.

use std::{
    collections::BTreeMap,
    fmt, io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::address::{Guard, Host, Refusal};
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::{
    Client,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use url::Url;

/// Largest answer, bytes. Discovery documents and key sets have a few KiB, lists of organisations some tens.
const MOST: usize = 512 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Whole call, the answer's last byte included: a browser waits for it.
const WHOLE: Duration = Duration::from_secs(10);
/// Clients kept; providers use few ports.
const MAX_CLIENTS: usize = 16;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("the address is not valid, or not https")]
    Address,
    #[error("the address is not allowed: {0}")]
    Refused(#[from] Refusal),
    #[error("the answer did not come within {} seconds", WHOLE.as_secs())]
    TooSlow,
    #[error("the answer has more than {MOST} bytes")]
    TooLarge,
    #[error("no HTTP request could be made")]
    Request(#[source] reqwest::Error),
}

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        Self::Request(error.without_url())
    }
}

/// Whether a provider may lie there at all: https, or this machine's loopback, where nobody listens in.
#[must_use]
pub fn is_safe_address(url: &Url) -> bool {
    let loopback = || match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let plain = url.username().is_empty() && url.password().is_none() && url.has_host();
    plain && (url.scheme() == "https" || (url.scheme() == "http" && loopback()))
}

pub(super) struct GuardedHttp {
    guard: Arc<Guard>,
    by_port: Mutex<BTreeMap<u16, Client>>,
}

impl fmt::Debug for GuardedHttp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuardedHttp")
    }
}

impl GuardedHttp {
    pub(super) fn new(guard: Arc<Guard>) -> Self {
        Self {
            guard,
            by_port: Mutex::default(),
        }
    }

    /// Asks, once.
    pub(super) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, FetchError> {
        let url = Url::parse(&request.uri().to_string()).map_err(|_| FetchError::Address)?;
        if !is_safe_address(&url) {
            return Err(FetchError::Address);
        }
        let port = url.port_or_known_default().ok_or(FetchError::Address)?;
        let host = url.host_str().ok_or(FetchError::Address)?;
        if let Host::Ip(ip) = Host::parse(host).map_err(|_| FetchError::Address)? {
            // The resolver is not asked about these.
            self.guard.check(ip, port)?;
        }
        let client = self.of_port(port)?;
        let request = reqwest::Request::try_from(request)?;
        tokio::time::timeout(WHOLE, take(client, request))
            .await
            .unwrap_or(Err(FetchError::TooSlow))
    }

    /// The guard judges an address together with its port, the resolver is told the name alone: so a client for each port.
    fn of_port(&self, port: u16) -> Result<Client, FetchError> {
        let mut by_port = self.by_port.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = by_port.get(&port) {
            return Ok(client.clone());
        }
        let resolver = GuardedResolver {
            guard: Arc::clone(&self.guard),
            port,
        };
        let client = Client::builder()
            .user_agent(concat!("agent-coordinator/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(Duration::from_secs(30))
            .dns_resolver(Arc::new(resolver))
            .build()?;
        if by_port.len() >= MAX_CLIENTS {
            by_port.pop_last();
        }
        by_port.insert(port, client.clone());
        Ok(client)
    }
}

async fn take(client: Client, request: reqwest::Request) -> Result<HttpResponse, FetchError> {
    let mut response = client.execute(request).await?;
    if response
        .content_length()
        .is_some_and(|length| length > MOST as u64)
    {
        return Err(FetchError::TooLarge);
    }
    let mut answer = HttpResponse::new(Vec::new());
    *answer.status_mut() = response.status();
    *answer.headers_mut() = response.headers().clone();
    while let Some(chunk) = response.chunk().await? {
        if answer.body().len() + chunk.len() > MOST {
            return Err(FetchError::TooLarge);
        }
        answer.body_mut().extend_from_slice(&chunk);
    }
    Ok(answer)
}

impl<'c> AsyncHttpClient<'c> for GuardedHttp {
    type Error = FetchError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, FetchError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// Hands out addresses that may be connected to, and the client connects to exactly those.
struct GuardedResolver {
    guard: Arc<Guard>,
    port: u16,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, port) = (Arc::clone(&self.guard), self.port);
        Box::pin(async move {
            let mut refused = None;
            let mut allowed = Vec::new();
            for found in tokio::net::lookup_host((name.as_str(), 0)).await? {
                match guard.check(found.ip(), port) {
                    Ok(()) => allowed.push(SocketAddr::new(found.ip(), 0)),
                    Err(refusal) => refused = refused.or(Some(refusal)),
                }
            }
            match refused {
                Some(refusal) if allowed.is_empty() => Err(refusal.into()),
                _ if allowed.is_empty() => {
                    Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into())
                }
                _ => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_lie_behind_https_or_on_this_very_machine() {
        let safe = |text: &str| is_safe_address(&Url::parse(text).unwrap());
        for good in [
            "https://login.example.org/x",
            "http://127.0.0.1:8080",
            "http://[::1]:1",
            "http://localhost:1",
        ] {
            assert!(safe(good), "{good}");
        }
        for bad in [
            "http://login.example.org",
            "http://10.0.0.1",
            "http://localhost.evil.example",
            "ftp://127.0.0.1",
            "https://user@login.example.org",
            "file:///etc/passwd",
        ] {
            assert!(!safe(bad), "{bad}");
        }
    }
}
