//! Names inside a sandbox for git hosts on the operator's loopback.
//!
//! A sandbox has a loopback of its own, which its programs reach past the proxy; a git host on the operator's
//! loopback therefore gets a name in there. The name tells the address, so both directions are pure:
//! `127.0.0.1` and `localhost` are `git-host.internal`, `127.0.0.5` is `127-0-0-5.git-host.internal`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use domain::address::{Host, unwrap_v4};
use url::Url;

const NAME: &str = "git-host.internal";
const IPV6: &str = "ip6-loopback.git-host.internal";

/// The address as reached from inside, where it differs.
pub(super) fn inside(url: &str) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    let ip = loopback(&Host::parse(url.host_str()?).ok()?)?;
    let name = match ip {
        IpAddr::V4(Ipv4Addr::LOCALHOST) => NAME.to_owned(),
        IpAddr::V4(ip) => format!("{}.{NAME}", ip.to_string().replace('.', "-")),
        IpAddr::V6(_) => IPV6.to_owned(),
    };
    url.set_host(Some(&name)).ok()?;
    Some(url.into())
}

/// The loopback address that a name inside stands for.
pub(super) fn outside(host: &Host) -> Option<IpAddr> {
    let Host::Name(name) = host else { return None };
    match name.as_str() {
        NAME => Some(Ipv4Addr::LOCALHOST.into()),
        IPV6 => Some(Ipv6Addr::LOCALHOST.into()),
        other => {
            let ip: Ipv4Addr = other
                .strip_suffix(NAME)?
                .strip_suffix('.')?
                .replace('-', ".")
                .parse()
                .ok()?;
            ip.is_loopback().then_some(ip.into())
        }
    }
}

/// The loopback address of a host, if it is one.
pub(super) fn loopback(host: &Host) -> Option<IpAddr> {
    match host {
        Host::Name(name) if name == "localhost" => Some(Ipv4Addr::LOCALHOST.into()),
        Host::Name(_) => None,
        Host::Ip(ip) => Some(unwrap_v4(*ip)).filter(IpAddr::is_loopback),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_hosts_have_a_name_inside_and_back() {
        for (given, expected, ip) in [
            (
                "http://127.0.0.1:8081/r.git",
                "http://git-host.internal:8081/r.git",
                "127.0.0.1",
            ),
            (
                "http://localhost:8081/r.git",
                "http://git-host.internal:8081/r.git",
                "127.0.0.1",
            ),
            (
                "https://127.9.0.5/a/b",
                "https://127-9-0-5.git-host.internal/a/b",
                "127.9.0.5",
            ),
            (
                "http://[::1]:9/r",
                "http://ip6-loopback.git-host.internal:9/r",
                "::1",
            ),
            (
                "http://[::ffff:127.0.0.1]:9/r",
                "http://git-host.internal:9/r",
                "127.0.0.1",
            ),
        ] {
            let url = inside(given).unwrap();
            assert_eq!(url, expected);
            let host = Host::parse(Url::parse(&url).unwrap().host_str().unwrap()).unwrap();
            assert_eq!(outside(&host), Some(ip.parse().unwrap()));
        }
    }

    #[test]
    fn others_stay_as_they_are() {
        for url in [
            "https://github.com/o/n.git",
            "http://10.1.2.3/r",
            "https://localhost.example.org/r",
        ] {
            assert_eq!(inside(url), None);
        }
        for name in [
            "git-host.internal.example.org",
            "10-0-0-1.git-host.internal",
            "xgit-host.internal",
            "github.com",
        ] {
            assert_eq!(outside(&Host::parse(name).unwrap()), None, "{name}");
        }
    }
}
