//! How long to wait before the next attempt: 0.2 s doubling to 5 s, each spread by half its length.

use std::time::Duration;

use crate::entropy;

const FIRST: f64 = 0.2;
const LONGEST: f64 = 5.0;

#[derive(Debug, Default)]
pub(super) struct Backoff(u32);

impl Backoff {
    pub(super) fn reset(&mut self) {
        self.0 = 0;
    }

    pub(super) fn next(&mut self) -> Duration {
        let full = (FIRST * f64::from(1u32 << self.0.min(10))).min(LONGEST);
        self.0 = self.0.saturating_add(1);
        Duration::from_secs_f64(full * (0.5 + 0.5 * entropy::fraction()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_to_a_ceiling() {
        let mut backoff = Backoff::default();
        assert!(backoff.next() <= Duration::from_millis(200));
        for _ in 0..100 {
            assert!(backoff.next() <= Duration::from_secs(5));
        }
        assert!(backoff.next() >= Duration::from_millis(2500));
    }
}
