//! `allow_private_networks`: which private addresses an operator opened.

use std::{net::IpAddr, str::FromStr};

use ipnet::IpNet;

use super::{class::unwrap_v4, host::parse_port};

/// The private networks that may be reached; none by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum PrivateNetworks {
    #[default]
    None,
    /// For development: all of them (never link-local, never the server itself).
    All,
    Listed(Vec<Network>),
}

/// One listed network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    net: IpNet,
    /// Any port when absent.
    port: Option<u16>,
}

/// Why the setting can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{entry}` is not a network: {why}. Expected `true`, or a comma-separated list such as `10.0.0.0/8`, \
     `127.0.0.1:11434`, `[fd00::/8]:443`"
)]
pub struct InvalidNetwork {
    pub entry: String,
    pub why: &'static str,
}

impl PrivateNetworks {
    /// True when the operator opened this address and port.
    #[must_use]
    pub fn permits(&self, ip: IpAddr, port: u16) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Listed(networks) => {
                let ip = unwrap_v4(ip);
                networks
                    .iter()
                    .any(|n| n.net.contains(&ip) && n.port.is_none_or(|p| p == port))
            }
        }
    }
}

impl FromStr for PrivateNetworks {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "" | "false" | "none" => return Ok(Self::None),
            "true" => return Ok(Self::All),
            _ => {}
        }
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries
            .map(Network::from_str)
            .collect::<Result<Vec<_>, _>>()
            .map(Self::Listed)
    }
}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(entry: &str) -> Result<Self, Self::Err> {
        let fail = |why| InvalidNetwork {
            entry: entry.chars().take(100).collect(),
            why,
        };
        let (net, port) = if let Some(rest) = entry.strip_prefix('[') {
            let (net, rest) = rest
                .split_once(']')
                .ok_or_else(|| fail("the bracket is not closed"))?;
            // `[::1]/128:80` and `[fd00::/8]:80` are both in use.
            let (length, port) = match rest.split_once(':') {
                Some((length, port)) => (length, Some(port)),
                None => (rest, None),
            };
            if !(length.is_empty() || length.starts_with('/') && !net.contains('/')) {
                return Err(fail("after the bracket comes `:port` or nothing"));
            }
            (format!("{net}{length}"), port)
        } else if entry.matches(':').count() > 1 {
            (entry.to_owned(), None)
        } else {
            match entry.split_once(':') {
                Some((net, port)) => (net.to_owned(), Some(port)),
                None => (entry.to_owned(), None),
            }
        };
        let net = match net.parse::<IpNet>() {
            Ok(net) => net,
            Err(_) => net
                .parse::<IpAddr>()
                .map(IpNet::from)
                .map_err(|_| fail("it is neither an address nor a cidr"))?,
        };
        let port = port
            .map(parse_port)
            .transpose()
            .map_err(|_| fail("the port must be a number from 1 to 65535"))?;
        Ok(Self { net, port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permits(setting: &str, ip: &str, port: u16) -> bool {
        setting
            .parse::<PrivateNetworks>()
            .unwrap()
            .permits(ip.parse().unwrap(), port)
    }

    #[test]
    fn entries_open_what_they_say() {
        assert!(permits("true", "10.1.2.3", 1));
        assert!(!permits("", "10.1.2.3", 1));
        assert!(!permits("false", "10.1.2.3", 1));
        assert!(permits("10.0.0.0/8", "10.1.2.3", 1));
        assert!(!permits("10.0.0.0/8", "11.1.2.3", 1));
        assert!(permits("127.0.0.1:11434", "127.0.0.1", 11434));
        assert!(permits("127.0.0.1:11434", "::ffff:127.0.0.1", 11434));
        assert!(!permits("127.0.0.1:11434", "127.0.0.1", 11435));
        assert!(!permits("127.0.0.1:11434", "127.0.0.2", 11434));
        assert!(permits("10.0.0.0/8, 192.168.0.0/16:443", "192.168.3.4", 443));
        assert!(permits("[fd00::/8]:443", "fd12::1", 443));
        assert!(!permits("[fd00::/8]:443", "fd12::1", 80));
        assert!(permits("[::1]:80", "::1", 80));
        assert!(permits("[::1]/128:80", "::1", 80));
        assert!(permits("fd00::/8", "fd12::1", 80));
        assert!(permits("::1", "::1", 80));
    }

    #[test]
    fn mistakes_are_explained() {
        for text in [
            "yes",
            "10.0.0.0/33",
            "10.0.0.0/8:0",
            "10.0.0.0/8:x",
            "[::1",
            "localhost",
            "10.0.0.0/8;::1",
            "[::1]x",
        ] {
            let error = text.parse::<PrivateNetworks>().unwrap_err().to_string();
            assert!(error.contains("127.0.0.1:11434"), "{error}");
        }
    }
}
