//! How fast requests may come, and how much an organisation may have at the same time.
//!
//! In memory and of this process alone: no request costs a read or a write of the store for it, and a restart forgets.
//! The counting itself is in `domain::limits`, on the time of the clock port.

mod admit;
mod buckets;
mod fail;
mod quota;
mod show;
mod sockets;
mod streams;
mod turns;

use std::net::IpAddr;

use domain::{
    flow::Flow,
    limits::{Bucket, Quotas, Rate},
};
use protocol::{ApiKeyId, OrgId};

pub use admit::{Admission, Line};
use buckets::Remembered;
use quota::Known;
pub(crate) use quota::full;
pub use sockets::OpenSocket;
use sockets::Sockets;
pub use turns::Turn;
use turns::Turns;

/// Organisations, keys and addresses of each kind that are remembered at least.
const REMEMBERED: usize = 20_000;

/// How much may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// An organisation, with all its credentials together.
    pub org: Rate,
    /// Credentials that are wrong, from one address: a job with an outdated key that tries again once a second is told
    /// each time that it is wrong; who guesses is told to wait.
    pub failed: Rate,
    /// Requests without a credential, from one address: an office of hundreds of people behind one address loads the web
    /// app, some 50 files each, in one go.
    pub open: Rate,
    /// Requests of one organisation that are worked on at the same time, until their answer begins.
    pub at_once: usize,
    /// Events from the runners of one organisation; 4 KiB are one. What is more waits.
    pub events: Rate,
    /// Frames to the sockets and streams of one organisation; 4 KiB are one. What is more waits.
    pub frames: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            org: Rate::new(100, 2_000),
            failed: Rate::new(2, 60),
            open: Rate::new(200, 20_000),
            at_once: 32,
            events: Rate::new(5_000, 10_000),
            frames: Rate::new(20_000, 40_000),
        }
    }
}

/// A network of IPv6 counts as one place: one household has as many addresses as it likes.
type Place = Option<[u8; 8]>;

fn place(from: Option<IpAddr>) -> Place {
    from.map(|address| match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            // No network of IPv6 begins like this: ::ffff:0:0/96 was made an IPv4 address.
            [0, 0, 0xff, 0xff, a, b, c, d]
        }
        IpAddr::V6(address) => {
            let [a, b, c, d, e, f, g, h, ..] = address.octets();
            [a, b, c, d, e, f, g, h]
        }
    })
}

/// A key that was right a moment ago: what its next request is counted against before it is looked up again.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    org: Option<OrgId>,
    key: Option<ApiKeyId>,
    rate: Option<Rate>,
}

/// Who has asked for how much.
#[derive(Debug)]
pub(crate) struct Limiter {
    rates: Rates,
    quotas: Quotas,
    orgs: Remembered<OrgId, Bucket>,
    keys: Remembered<ApiKeyId, Bucket>,
    failed: Remembered<Place, Bucket>,
    open: Remembered<Place, Bucket>,
    seen: Remembered<[u8; 32], Seen>,
    known: Remembered<OrgId, Known>,
    events: Remembered<OrgId, Flow>,
    frames: Remembered<OrgId, Flow>,
    sockets: Sockets,
    turns: Turns,
}

impl Limiter {
    pub(crate) fn new(rates: Rates, quotas: Quotas) -> Self {
        Self {
            rates,
            quotas,
            orgs: Remembered::new(REMEMBERED),
            keys: Remembered::new(REMEMBERED),
            failed: Remembered::new(REMEMBERED),
            open: Remembered::new(REMEMBERED),
            seen: Remembered::new(REMEMBERED),
            known: Remembered::new(REMEMBERED),
            events: Remembered::new(REMEMBERED),
            frames: Remembered::new(REMEMBERED),
            sockets: Sockets::default(),
            turns: Turns::new(rates.at_once),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_places() {
        let of = |text: &str| place(Some(text.parse().unwrap()));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_ne!(of("192.0.2.1"), place(None));
    }
}
