//! The guard: may the server connect to this address on someone else's behalf?
//!
//! Link-local addresses, metadata services and the server's own listeners are refused whatever the operator
//! opened: there is nothing there that a tenant or a sandbox has any business with.

use std::net::{IpAddr, SocketAddr};

use super::{
    class::{AddressClass, classify, unwrap_v4},
    private::PrivateNetworks,
};

/// What to check addresses against. Built once the server knows where it listens.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    pub private: PrivateNetworks,
    /// Where this server listens itself.
    pub own_listeners: Vec<SocketAddr>,
    /// The addresses of this host, for listeners bound to all of them.
    pub local_addresses: Vec<IpAddr>,
}

/// Why an address was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{ip}:{port} is one of this server's own listeners")]
    OwnListener { ip: IpAddr, port: u16 },
    #[error("{ip} is a {} address, which is never reachable", class.words())]
    Never { ip: IpAddr, class: AddressClass },
    #[error(
        "{ip} is a {} address; the operator can open it with COORDINATOR_ALLOW_PRIVATE_NETWORKS={}:{port}",
        class.words(), bracketed(ip)
    )]
    Private {
        ip: IpAddr,
        port: u16,
        class: AddressClass,
    },
}

fn bracketed(ip: &IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

impl Guard {
    /// Checks one resolved address; the connection must then go to exactly this address.
    ///
    /// # Errors
    /// Says why it is refused.
    pub fn check(&self, ip: IpAddr, port: u16) -> Result<(), Refusal> {
        let inner = unwrap_v4(ip);
        if self
            .own_listeners
            .iter()
            .any(|own| self.reaches(inner, port, *own))
        {
            return Err(Refusal::OwnListener { ip, port });
        }
        match classify(inner) {
            AddressClass::Public => Ok(()),
            class @ (AddressClass::Loopback
            | AddressClass::Private
            | AddressClass::Shared
            | AddressClass::UniqueLocal) => {
                if self.private.permits(inner, port) {
                    Ok(())
                } else {
                    Err(Refusal::Private { ip, port, class })
                }
            }
            class @ (AddressClass::LinkLocal
            | AddressClass::Metadata
            | AddressClass::Multicast
            | AddressClass::Unspecified
            | AddressClass::Broadcast
            | AddressClass::Reserved) => Err(Refusal::Never { ip, class }),
        }
    }

    fn reaches(&self, ip: IpAddr, port: u16, own: SocketAddr) -> bool {
        if own.port() != port {
            return false;
        }
        let bound = unwrap_v4(own.ip());
        if bound.is_unspecified() {
            let local = || self.local_addresses.iter().any(|local| unwrap_v4(*local) == ip);
            return matches!(classify(ip), AddressClass::Loopback | AddressClass::Unspecified) || local();
        }
        bound == ip
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn guard(private: &str, own: &[&str]) -> Guard {
        Guard {
            private: private.parse().unwrap(),
            own_listeners: own.iter().map(|own| own.parse().unwrap()).collect(),
            local_addresses: vec!["10.0.0.5".parse().unwrap(), "192.0.2.5".parse().unwrap()],
        }
    }

    fn ok(guard: &Guard, ip: &str, port: u16) -> bool {
        guard.check(ip.parse().unwrap(), port).is_ok()
    }

    #[test]
    fn public_addresses_pass_and_private_ones_need_permission() {
        let closed = guard("", &[]);
        assert!(ok(&closed, "203.0.113.4", 443));
        assert!(ok(&closed, "8.8.8.8", 443));
        for ip in [
            "127.0.0.1",
            "10.0.0.1",
            "100.64.0.1",
            "fd00::1",
            "::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(!ok(&closed, ip, 443), "{ip}");
            assert!(ok(&guard("true", &[]), ip, 443), "{ip}");
        }
        assert!(ok(&guard("127.0.0.0/8:9000", &[]), "127.0.0.1", 9000));
        assert!(!ok(&guard("127.0.0.0/8:9000", &[]), "127.0.0.1", 9001));
    }

    #[test]
    fn link_local_and_own_listeners_are_refused_even_with_true() {
        let open = guard("true", &["127.0.0.1:8080", "0.0.0.0:9090", "[::]:7070"]);
        for ip in [
            "169.254.169.254",
            "fe80::1",
            "::ffff:169.254.169.254",
            "0.0.0.0",
            "224.0.0.1",
            "fd00:ec2::254",
        ] {
            assert!(!ok(&open, ip, 80), "{ip}");
        }
        assert!(!ok(&open, "127.0.0.1", 8080));
        assert!(!ok(&open, "::ffff:127.0.0.1", 8080));
        assert!(ok(&open, "127.0.0.1", 8081));
        assert!(ok(&open, "10.0.0.5", 8080), "bound to loopback alone");
        for port in [9090, 7070] {
            for ip in ["127.0.0.1", "127.0.0.9", "::1", "10.0.0.5", "192.0.2.5"] {
                assert!(!ok(&open, ip, port), "{ip}:{port}");
            }
            assert!(ok(&open, "10.0.0.6", port));
        }
    }

    #[test]
    fn a_refusal_says_how_to_open_it() {
        let error = guard("", &[])
            .check("127.0.0.1".parse().unwrap(), 11434)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("COORDINATOR_ALLOW_PRIVATE_NETWORKS=127.0.0.1:11434"),
            "{error}"
        );
    }

    proptest! {
        #[test]
        fn true_never_opens_link_local_or_own(bits in any::<u32>(), port in 1u16..) {
            let ip = IpAddr::from(std::net::Ipv4Addr::from(bits));
            let open = guard("true", &[&format!("{ip}:{port}")]);
            prop_assert!(open.check(ip, port).is_err());
            let link_local = IpAddr::from([169, 254, (bits >> 8) as u8, bits as u8]);
            prop_assert!(open.check(link_local, port).is_err());
        }
    }
}
