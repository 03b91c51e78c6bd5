//! Where a request comes from, as far as it can be believed.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::{HeaderMap, request::Parts};
use ipnet::IpNet;

use crate::{problem::ApiProblem, state::HttpState};

const FORWARDED: &str = "x-forwarded-for";

/// Where the request comes from.
pub(crate) struct ClientAddress(pub(crate) Option<IpAddr>);

impl FromRequestParts<HttpState> for ClientAddress {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        Ok(Self(client(parts, &state.settings.trusted_proxies)))
    }
}

/// The client's address: that of the connection, or what a trusted proxy says. `None` for what came by no network.
pub(crate) fn client(parts: &Parts, trusted: &[IpNet]) -> Option<IpAddr> {
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(behind(peer.ip().to_canonical(), &parts.headers, trusted))
}

/// Each proxy adds to the end who asked it, so the list is believed from its end, as far as the proxies are.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let said: Vec<&str> = headers
        .get_all(FORWARDED)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut client = peer;
    for one in said.iter().rev() {
        if !trusted.iter().any(|net| net.contains(&client)) {
            break;
        }
        match one.trim().parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let ask = |peer: &str, said: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(FORWARDED, said.parse().unwrap());
            behind(peer.parse().unwrap(), &headers, &trusted).to_string()
        };
        assert_eq!(ask("203.0.113.9", "198.51.100.1"), "203.0.113.9");
        assert_eq!(ask("10.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(
            ask("10.0.0.1", "192.0.2.66, 198.51.100.1, 10.0.0.2"),
            "198.51.100.1"
        );
        assert_eq!(ask("10.0.0.1", "192.0.2.66, nonsense"), "10.0.0.1");
        assert_eq!(ask("10.0.0.1", "::ffff:198.51.100.1"), "198.51.100.1");
    }
}
