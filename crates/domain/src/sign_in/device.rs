//! What is kept of the browser that signs in: as much as its owner needs to recognise it, and no more.

use std::net::IpAddr;

/// Longest header that is looked at, bytes.
const LONGEST: usize = 1024;

/// Browsers by a mark in what they call themselves; those that also carry the mark of another come first.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];
const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// Where somebody signs in from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Device {
    /// Browser and system in a few words of ours, never the browser's own.
    pub family: Option<String>,
    pub address: Option<IpAddr>,
}

impl Device {
    #[must_use]
    pub fn new(user_agent: Option<&str>, address: Option<IpAddr>) -> Self {
        Self {
            family: user_agent.and_then(family),
            address,
        }
    }
}

/// Browser and system, for example `Firefox on Linux`. `None` where neither is known.
fn family(user_agent: &str) -> Option<String> {
    if user_agent.len() > LONGEST {
        return None;
    }
    let find = |marks: &[(&str, &'static str)]| {
        marks
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, name)| *name)
    };
    match (find(BROWSERS), find(SYSTEMS)) {
        (Some(browser), Some(system)) => Some(format!("{browser} on {system}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    }
}

/// The network that an address belongs to, as bytes: for IPv6 the first 64 bits, because one household has as many
/// addresses as it likes. Without an address there is one place for all.
#[must_use]
pub fn network(address: Option<IpAddr>) -> Vec<u8> {
    match address.map(|address| address.to_canonical()) {
        None => Vec::new(),
        Some(IpAddr::V4(address)) => address.octets().to_vec(),
        Some(IpAddr::V6(address)) => address.octets()[..8].to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_recognised_and_quoted_never() {
        let of = |text: &str| Device::new(Some(text), None).family;
        assert_eq!(
            of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0").as_deref(),
            Some("Firefox on Linux")
        );
        assert_eq!(
            of("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0").as_deref(),
            Some("Edge on Windows")
        );
        assert_eq!(
            of("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1").as_deref(),
            Some("Safari on iOS")
        );
        assert_eq!(of("curl/8.9").as_deref(), Some("curl"));
        for odd in ["", "<script>alert(1)</script>", "\u{7f}", &"Firefox/".repeat(200)] {
            assert_eq!(of(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_network_of_ipv6_is_one_place() {
        let of = |text: &str| network(Some(text.parse().unwrap()));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
