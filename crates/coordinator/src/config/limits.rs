//! How much organisations may ask for, as the operator says it.

use app::Rates;
use domain::limits::{MOST_PER_S, Quotas, Rate};

use super::{read::Reader, units::size};

/// Everything of the section `limits`.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrgLimits {
    pub rates: Rates,
    pub quotas: Quotas,
}

impl Reader {
    pub(super) fn limits(&mut self) -> OrgLimits {
        let (rates, quotas) = (Rates::default(), Quotas::default());
        let per_s = self.get("limits.rate_per_s", rates.org.per_s(), rate);
        let burst = self.get("limits.rate_burst", rates.org.burst(), rate);
        OrgLimits {
            rates: Rates {
                org: Rate::new(per_s, burst),
                events: seconds_of(self.get("limits.events_per_s", rates.events.per_s(), rate)),
                frames: seconds_of(self.get("limits.frames_per_s", rates.frames.per_s(), rate)),
                ..rates
            },
            quotas: Quotas {
                sessions: self.get("limits.sessions", quotas.sessions, quota),
                sandboxes: self.get("limits.sandboxes", quotas.sandboxes, quota),
                turns: self.get("limits.turns", quotas.turns, quota),
                members: self.get("limits.members", quotas.members, quota),
                sockets: self.get("limits.sockets", quotas.sockets, quota),
                storage: self.get("limits.storage", quotas.storage, storage),
            },
        }
    }
}

fn rate(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(n) if (1..=MOST_PER_S).contains(&n) => Ok(n),
        _ => Err(format!("expected a number from 1 to {MOST_PER_S}")),
    }
}

/// With a stock of two seconds.
fn seconds_of(per_s: u32) -> Rate {
    Rate::new(per_s, per_s.saturating_mul(2))
}

/// A size, or 0 for none.
fn storage(text: &str) -> Result<u64, String> {
    match text.trim() {
        "0" => Ok(0),
        text => size(text),
    }
}

fn quota(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err("expected a number of at least 1".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_bounded() {
        assert_eq!((rate("100"), quota("5")), (Ok(100), Ok(5)));
        for wrong in ["0", "-1", "many", "1000001"] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
        assert!(quota("0").is_err());
        assert_eq!((storage("0"), storage("2GiB")), (Ok(0), Ok(2 << 30)));
        assert!(storage("lots").is_err());
        assert_eq!(seconds_of(5_000), Rates::default().events);
        assert_eq!(seconds_of(20_000), Rates::default().frames);
    }
}
