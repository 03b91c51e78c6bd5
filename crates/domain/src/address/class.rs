//! What kind of address an IP address is.
//!
//! IPv6 notations that carry an IPv4 address (mapped, compatible, translated, NAT64, 6to4) are unwrapped first, so
//! `::ffff:127.0.0.1` is loopback. The documentation ranges are nobody's network, hence not private: public.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The kind of an address, by what connecting to it may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressClass {
    Public,
    Loopback,
    /// RFC 1918, benchmarking, site-local, local NAT64.
    Private,
    /// Carrier-grade NAT, 100.64.0.0/10.
    Shared,
    /// `fc00::/7`.
    UniqueLocal,
    LinkLocal,
    /// An instance metadata service that does not live in a link-local range.
    Metadata,
    Multicast,
    /// `0.0.0.0/8` and `::`: on many systems another word for this host.
    Unspecified,
    Broadcast,
    /// Set aside; no server lives there.
    Reserved,
}

impl AddressClass {
    /// In words, for messages.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Loopback => "loopback",
            Self::Private => "private",
            Self::Shared => "shared (carrier-grade NAT)",
            Self::UniqueLocal => "unique local",
            Self::LinkLocal => "link-local",
            Self::Metadata => "cloud metadata",
            Self::Multicast => "multicast",
            Self::Unspecified => "unspecified",
            Self::Broadcast => "broadcast",
            Self::Reserved => "reserved",
        }
    }
}

/// Metadata services outside `169.254.0.0/16`: Alibaba, Oracle, Azure, AWS (IPv6), Google (IPv6).
const METADATA_V4: [Ipv4Addr; 3] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(192, 0, 0, 192),
    Ipv4Addr::new(168, 63, 129, 16),
];
const METADATA_V6: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x254),
];

/// The IPv4 address inside an IPv6 notation, if it is one; else the address itself.
#[must_use]
pub fn unwrap_v4(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip else { return ip };
    let s = v6.segments();
    let low = || v4(s[6], s[7]);
    let inner = match s {
        // :: and ::1 are themselves.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        // Compatible ::a.b.c.d, mapped ::ffff:a.b.c.d, translated ::ffff:0:a.b.c.d.
        [0, 0, 0, 0, 0, 0 | 0xffff, ..] | [0, 0, 0, 0, 0xffff, 0, ..] => Some(low()),
        // NAT64 64:ff9b::/96.
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some(low()),
        // 6to4 2002:aabb:ccdd::/48.
        [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    };
    inner.map_or(ip, IpAddr::V4)
}

fn v4(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))
}

/// The kind of `ip`, looked at through its IPv6 notation.
#[must_use]
pub fn classify(ip: IpAddr) -> AddressClass {
    match unwrap_v4(ip) {
        IpAddr::V4(v4) => classify_v4(v4),
        IpAddr::V6(v6) => classify_v6(v6),
    }
}

fn classify_v4(ip: Ipv4Addr) -> AddressClass {
    if METADATA_V4.contains(&ip) {
        return AddressClass::Metadata;
    }
    match ip.octets() {
        [0, ..] => AddressClass::Unspecified,
        [127, ..] => AddressClass::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [198, 18 | 19, ..] => AddressClass::Private,
        [100, 64..=127, ..] => AddressClass::Shared,
        [169, 254, ..] => AddressClass::LinkLocal,
        [255, 255, 255, 255] => AddressClass::Broadcast,
        [224..=239, ..] => AddressClass::Multicast,
        [192, 0, 0, _] | [240..=255, ..] => AddressClass::Reserved,
        _ => AddressClass::Public,
    }
}

fn classify_v6(ip: Ipv6Addr) -> AddressClass {
    if METADATA_V6.contains(&ip) {
        return AddressClass::Metadata;
    }
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => AddressClass::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => AddressClass::Loopback,
        [0xfe80..=0xfebf, ..] => AddressClass::LinkLocal,
        // Site-local (deprecated, still routed in places) and local-use NAT64.
        [0xfec0..=0xfeff, ..] | [0x64, 0xff9b, 1, ..] => AddressClass::Private,
        [0xfc00..=0xfdff, ..] => AddressClass::UniqueLocal,
        [0xff00..=0xffff, ..] => AddressClass::Multicast,
        // Teredo hides an IPv4 address of the client; no server lives there.
        [0x2001, 0, ..] => AddressClass::Reserved,
        // Global unicast; the documentation ranges are part of it.
        [0x2000..=0x3fff, ..] => AddressClass::Public,
        _ => AddressClass::Reserved,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_range_has_its_class() {
        use AddressClass::*;
        for (text, expected) in [
            ("127.0.0.1", Loopback),
            ("127.255.255.254", Loopback),
            ("::1", Loopback),
            ("::ffff:127.0.0.1", Loopback),
            ("::127.0.0.1", Loopback),
            ("::ffff:0:127.0.0.1", Loopback),
            ("64:ff9b::7f00:1", Loopback),
            ("2002:7f00:1::", Loopback),
            ("10.0.0.1", Private),
            ("172.15.255.255", Public),
            ("172.16.0.0", Private),
            ("172.31.255.255", Private),
            ("172.32.0.0", Public),
            ("192.168.1.1", Private),
            ("64:ff9b::c0a8:101", Private),
            ("64:ff9b:1::1", Private),
            ("fec0::1", Private),
            ("198.18.0.1", Private),
            ("100.63.255.255", Public),
            ("100.64.0.0", Shared),
            ("100.127.255.255", Shared),
            ("100.128.0.0", Public),
            ("169.254.169.254", LinkLocal),
            ("::ffff:169.254.169.254", LinkLocal),
            ("2002:a9fe:a9fe::1", LinkLocal),
            ("fe80::1", LinkLocal),
            ("febf::1", LinkLocal),
            ("100.100.100.200", Metadata),
            ("168.63.129.16", Metadata),
            ("fd00:ec2::254", Metadata),
            ("fc00::1", UniqueLocal),
            ("fdff::1", UniqueLocal),
            ("224.0.0.1", Multicast),
            ("ff02::1", Multicast),
            ("0.0.0.0", Unspecified),
            ("0.1.2.3", Unspecified),
            ("::", Unspecified),
            ("::ffff:0.0.0.0", Unspecified),
            ("255.255.255.255", Broadcast),
            ("240.0.0.1", Reserved),
            ("192.0.0.8", Reserved),
            ("2001::1", Reserved),
            ("100::1", Reserved),
            ("192.0.2.1", Public),
            ("198.51.100.7", Public),
            ("203.0.113.9", Public),
            ("2001:db8::1", Public),
            ("3fff::1", Public),
            ("8.8.8.8", Public),
            ("2606:4700::1111", Public),
        ] {
            assert_eq!(classify(text.parse().unwrap()), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_notation_never_changes_the_class(bits in any::<u32>()) {
            let v4 = Ipv4Addr::from(bits);
            let [a, b, c, d] = v4.octets();
            let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            let plain = classify(v4.into());
            for v6 in [
                v4.to_ipv6_mapped(),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0x2002, high, low, 1, 2, 3, 4, 5),
                Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, high, low),
            ] {
                prop_assert_eq!(classify(v6.into()), plain);
            }
        }

        #[test]
        fn classes_agree_with_the_standard_library(bits in any::<u32>()) {
            let ip = Ipv4Addr::from(bits);
            let class = classify(ip.into());
            prop_assert_eq!(ip.is_loopback(), class == AddressClass::Loopback);
            prop_assert_eq!(ip.is_link_local(), class == AddressClass::LinkLocal);
            prop_assert_eq!(ip.is_multicast(), class == AddressClass::Multicast);
            prop_assert!(!ip.is_private() || class == AddressClass::Private);
        }
    }
}
