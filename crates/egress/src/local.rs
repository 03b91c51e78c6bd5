//! The addresses of this host, for the guard.

use std::{io, net::IpAddr};

/// Every address of every interface.
///
/// # Errors
/// When the system does not tell.
pub fn local_addresses() -> io::Result<Vec<IpAddr>> {
    let interfaces = nix::ifaddrs::getifaddrs().map_err(io::Error::from)?;
    let address = |interface: nix::ifaddrs::InterfaceAddress| {
        let address = interface.address?;
        let v4 = address.as_sockaddr_in().map(|v4| IpAddr::from(v4.ip()));
        v4.or_else(|| address.as_sockaddr_in6().map(|v6| IpAddr::from(v6.ip())))
    };
    Ok(interfaces.filter_map(address).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_among_them() {
        assert!(local_addresses().unwrap().contains(&IpAddr::from([127, 0, 0, 1])));
    }
}
