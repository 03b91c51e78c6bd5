//! A host as a client writes it, in one canonical form.
//!
//! Canonical means: lower case, punycode, no trailing dot, and every notation of an IPv4 address (`2130706433`,
//! `0x7f.1`, `0177.0.0.1`) as the address it stands for, so that a rule can't be walked around by spelling.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

/// A host in canonical form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Host {
    Name(String),
    Ip(IpAddr),
}

/// Why a text is no host, or no `host:port`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHost {
    #[error("the host is empty")]
    Empty,
    #[error("the host name is too long")]
    TooLong,
    #[error("the host contains characters that do not belong there")]
    Characters,
    #[error("the host must not contain a user name or password")]
    UserInfo,
    #[error("the IPv6 address is not valid (write it in brackets, without a zone)")]
    Ipv6,
    #[error("the host is not a valid name or address")]
    Name,
    #[error("the port must be a number from 1 to 65535")]
    Port,
}

impl Host {
    /// Reads a host without a port; IPv6 in brackets.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, InvalidHost> {
        if text.is_empty() {
            return Err(InvalidHost::Empty);
        }
        if text.len() > 512 {
            return Err(InvalidHost::TooLong);
        }
        if text.contains('@') {
            return Err(InvalidHost::UserInfo);
        }
        if let Some(inner) = text.strip_prefix('[') {
            let inner = inner.strip_suffix(']').ok_or(InvalidHost::Ipv6)?;
            return inner
                .parse::<Ipv6Addr>()
                .map(|ip| Self::Ip(ip.into()))
                .map_err(|_| InvalidHost::Ipv6);
        }
        let stray = |c: char| c.is_control() || c.is_whitespace() || "%/\\?#:[]<>^|\"'`{},;*".contains(c);
        if text.contains(stray) {
            return Err(InvalidHost::Characters);
        }
        match url::Host::parse(text).map_err(|_| InvalidHost::Name)? {
            url::Host::Ipv4(ip) => Ok(Self::Ip(ip.into())),
            url::Host::Ipv6(ip) => Ok(Self::Ip(ip.into())),
            url::Host::Domain(name) => {
                let name = name.strip_suffix('.').unwrap_or(&name);
                if name.len() > 253 {
                    return Err(InvalidHost::TooLong);
                }
                let label_ok = |label: &str| !label.is_empty() && label.len() <= 63;
                let bytes_ok = name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
                if !bytes_ok || !name.split('.').all(label_ok) {
                    return Err(InvalidHost::Name);
                }
                Ok(Self::Name(name.to_owned()))
            }
        }
    }

    /// The host and port behind `text`, which may lack the port if there is a default.
    pub(super) fn split(text: &str) -> Result<(&str, Option<&str>), InvalidHost> {
        if text.starts_with('[') {
            let end = text.find(']').ok_or(InvalidHost::Ipv6)?;
            let (host, rest) = text.split_at(end + 1);
            return match rest.strip_prefix(':') {
                Some(port) => Ok((host, Some(port))),
                None if rest.is_empty() => Ok((host, None)),
                None => Err(InvalidHost::Ipv6),
            };
        }
        match text.split_once(':') {
            Some((_, rest)) if rest.contains(':') => Err(InvalidHost::Ipv6),
            Some((host, port)) => Ok((host, Some(port))),
            None => Ok((text, None)),
        }
    }
}

/// A port as digits, 1 to 65535.
pub(super) fn parse_port(text: &str) -> Result<u16, InvalidHost> {
    let digits = !text.is_empty() && text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<u16>() {
        Ok(port) if digits && port > 0 => Ok(port),
        _ => Err(InvalidHost::Port),
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Ip(IpAddr::V4(ip)) => ip.fmt(f),
            Self::Ip(IpAddr::V6(ip)) => write!(f, "[{ip}]"),
        }
    }
}

/// Host and port of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Authority {
    pub host: Host,
    pub port: u16,
}

impl Authority {
    /// Reads `host:port`; the port may be absent where there is a default.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(text: &str, default_port: Option<u16>) -> Result<Self, InvalidHost> {
        if text.contains('@') {
            return Err(InvalidHost::UserInfo);
        }
        let (host, port) = Host::split(text)?;
        let host = Host::parse(host)?;
        let port = match port {
            Some(port) => parse_port(port)?,
            None => default_port.ok_or(InvalidHost::Port)?,
        };
        Ok(Self { host, port })
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_host_has_one_spelling() {
        for (text, expected) in [
            ("Example.COM", "example.com"),
            ("example.com.", "example.com"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
            ("2130706433", "127.0.0.1"),
            ("0x7f.1", "127.0.0.1"),
            ("0177.0.0.1", "127.0.0.1"),
            ("127.1", "127.0.0.1"),
            ("127.0.0.1.", "127.0.0.1"),
            ("１２７.0.0.1", "127.0.0.1"),
            ("[::1]", "[::1]"),
            ("[0:0:0:0:0:FFFF:7f00:1]", "[::ffff:127.0.0.1]"),
            ("my_host", "my_host"),
        ] {
            assert_eq!(Host::parse(text).unwrap().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            ".",
            "a..b",
            "user@host",
            "a b",
            "a\r\nb",
            "%31.example",
            "[::1",
            "::1",
            "[fe80::1%eth0]",
            "[fe80::1%25eth0]",
            "a/b",
            "a\\b",
            "a:80",
            "999.1.1.1",
            "0x7f.0.0.0.1",
            "1.2.3.4.5",
            "*.example.com",
        ] {
            assert!(Host::parse(text).is_err(), "{text:?}");
        }
        assert!(Host::parse(&"a".repeat(64)).is_err());
        assert!(Host::parse(&"a.".repeat(200)).is_err());
    }

    #[test]
    fn ports_are_plain_numbers() {
        assert_eq!(Authority::parse("h:443", None).unwrap().port, 443);
        assert_eq!(Authority::parse("[::1]:8080", None).unwrap().port, 8080);
        assert_eq!(Authority::parse("h", Some(80)).unwrap().port, 80);
        for text in [
            "h:0", "h:65536", "h:+80", "h:-1", "h: 80", "h:", "h:0x50", "h:000080", "h", "u@h:80", "h:1:2",
        ] {
            assert!(Authority::parse(text, None).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn parsing_is_total_and_idempotent(text in "\\PC{0,40}") {
            if let Ok(host) = Host::parse(&text) {
                prop_assert_eq!(Host::parse(&host.to_string()).unwrap(), host);
            }
        }
    }
}
