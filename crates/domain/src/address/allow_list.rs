//! The egress allow-list: hosts and ports that a sandbox may reach.

use std::{fmt, str::FromStr};

use super::{
    host::{Host, InvalidHost, parse_port},
    registries::PUBLIC_REGISTRIES,
};

/// Most patterns an allow-list takes from a setting.
const MAX_PATTERNS: usize = 2_000;

/// Ports of a pattern that names none.
const DEFAULT_PORTS: [u16; 2] = [443, 80];

/// `host`, `host:port`, `*.suffix` or `*.suffix:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    kind: Kind,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Exact(Host),
    /// With the dot in front: `.example.com`.
    Suffix(String),
}

/// Why an entry of the setting can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{entry}` is not a host pattern: {why}. Expected for example `example.com`, `*.example.com` or `example.com:8443`"
)]
pub struct InvalidPattern {
    pub entry: String,
    pub why: String,
}

impl Pattern {
    /// One host and one port, for example the session's git host.
    #[must_use]
    pub fn exact(host: Host, port: u16) -> Self {
        Self {
            kind: Kind::Exact(host),
            port: Some(port),
        }
    }

    fn matches(&self, host: &Host, port: u16) -> bool {
        let port_fits = self
            .port
            .map_or_else(|| DEFAULT_PORTS.contains(&port), |own| own == port);
        port_fits
            && match (&self.kind, host) {
                (Kind::Exact(own), host) => own == host,
                (Kind::Suffix(suffix), Host::Name(name)) => {
                    name.len() > suffix.len() && name.ends_with(suffix.as_str())
                }
                (Kind::Suffix(_), Host::Ip(_)) => false,
            }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Exact(host) => host.fmt(f)?,
            Kind::Suffix(suffix) => write!(f, "*{suffix}")?,
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl FromStr for Pattern {
    type Err = InvalidPattern;

    fn from_str(entry: &str) -> Result<Self, Self::Err> {
        let fail = |why: String| InvalidPattern {
            entry: entry.chars().take(100).collect(),
            why,
        };
        let host_fault = |error: InvalidHost| fail(error.to_string());
        if entry.contains("://") {
            return Err(fail(
                "write the host alone, without `http://` or `https://`".into(),
            ));
        }
        if entry.contains('/') {
            return Err(fail("write the host alone, without a path".into()));
        }
        let (host, port) = Host::split(entry).map_err(host_fault)?;
        let port = port.map(parse_port).transpose().map_err(host_fault)?;
        if host == "*" {
            return Err(fail(
                "a single `*` would open everything; name at least a suffix".into(),
            ));
        }
        let kind = match host.strip_prefix("*.") {
            None => Kind::Exact(Host::parse(host).map_err(host_fault)?),
            Some(suffix) => match Host::parse(suffix).map_err(host_fault)? {
                Host::Name(name) => Kind::Suffix(format!(".{name}")),
                Host::Ip(_) => return Err(fail("`*.` goes with a name, not with an address".into())),
            },
        };
        Ok(Self { kind, port })
    }
}

/// Hosts that may be reached. Empty = none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AllowList {
    patterns: Vec<Pattern>,
}

impl AllowList {
    /// The public package registries of the common ecosystems.
    #[must_use]
    pub fn public_registries() -> Self {
        let patterns = PUBLIC_REGISTRIES
            .iter()
            .filter_map(|entry| entry.parse().ok())
            .collect();
        Self { patterns }
    }

    /// The pattern that lets this host and port through, if any.
    #[must_use]
    pub fn permits(&self, host: &Host, port: u16) -> Option<&Pattern> {
        self.patterns.iter().find(|pattern| pattern.matches(host, port))
    }

    /// Adds one pattern.
    pub fn add(&mut self, pattern: Pattern) {
        if !self.patterns.contains(&pattern) {
            self.patterns.push(pattern);
        }
    }

    /// Adds all of another list.
    pub fn extend(&mut self, other: Self) {
        other.patterns.into_iter().for_each(|pattern| self.add(pattern));
    }

    /// The patterns, in order.
    #[must_use]
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }
}

impl FromStr for AllowList {
    type Err = InvalidPattern;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let entries = text
            .split([',', ' ', '\t', '\n', '\r'])
            .filter(|entry| !entry.is_empty());
        let mut list = Self::default();
        for entry in entries {
            if list.patterns.len() == MAX_PATTERNS {
                return Err(InvalidPattern {
                    entry: "...".into(),
                    why: format!("more than {MAX_PATTERNS} entries"),
                });
            }
            list.add(entry.parse()?);
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::address::Authority;

    fn permits(list: &str, authority: &str) -> bool {
        let Authority { host, port } = Authority::parse(authority, Some(443)).unwrap();
        list.parse::<AllowList>().unwrap().permits(&host, port).is_some()
    }

    #[test]
    fn patterns_match_what_they_say() {
        assert!(permits("example.com", "example.com:443"));
        assert!(permits("example.com", "EXAMPLE.com.:80"));
        assert!(!permits("example.com", "example.com:22"));
        assert!(!permits("example.com", "a.example.com:443"));
        assert!(!permits("example.com", "example.com.evil.test:443"));
        assert!(permits("*.example.com", "a.b.example.com"));
        assert!(!permits("*.example.com", "example.com"));
        assert!(!permits("*.example.com", "badexample.com"));
        assert!(permits("example.com:8443", "example.com:8443"));
        assert!(!permits("example.com:8443", "example.com:443"));
        assert!(permits("203.0.113.7:8443", "203.0.113.7:8443"));
        assert!(permits("127.0.0.1:8443", "0x7f.1:8443"));
        assert!(permits("[2001:db8::1]", "[2001:db8:0::1]:443"));
        assert!(permits("a.test, b.test\n*.c.test:1", "x.c.test:1"));
        assert!(!permits("", "example.com"));
    }

    #[test]
    fn mistakes_are_explained() {
        for (text, part) in [
            ("https://example.com", "without `http://`"),
            ("example.com/path", "without a path"),
            ("*", "open everything"),
            ("a*.example.com", "characters"),
            ("*.127.0.0.1", "not with an address"),
            ("example.com:0", "port"),
            ("u@example.com", "user name"),
            ("::1", "brackets"),
        ] {
            let error = text.parse::<AllowList>().unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn every_default_is_a_valid_pattern() {
        assert_eq!(
            AllowList::public_registries().patterns().len(),
            PUBLIC_REGISTRIES.len()
        );
        let npm = Host::parse("registry.npmjs.org").unwrap();
        assert!(AllowList::public_registries().permits(&npm, 443).is_some());
        assert!(AllowList::public_registries().permits(&npm, 22).is_none());
    }

    proptest! {
        #[test]
        fn a_pattern_reads_its_own_writing(text in "(\\*\\.)?[a-z0-9]{1,5}(\\.[a-z]{1,5}){0,2}(:[1-9][0-9]{0,3})?") {
            if let Ok(pattern) = text.parse::<Pattern>() {
                prop_assert_eq!(pattern.to_string().parse::<Pattern>().unwrap(), pattern);
            }
        }

        #[test]
        fn parsing_never_panics(text in "\\PC{0,60}") {
            let _ = text.parse::<AllowList>();
        }
    }
}
