//! How much one caller may ask for: a stock that is used up and comes back (token bucket), and quotas.
//!
//! A bucket is one number, the time at which its stock would be full again. A bucket nobody remembers is a full one, so
//! whoever keeps many may forget those that are full.

use protocol::Timestamp;

/// So many requests a second, and a stock of them for bursts. Neither is ever zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    per_s: u32,
    burst: u32,
}

/// Highest rate and largest stock that can be told apart by the arithmetic here.
pub const MOST_PER_S: u32 = 1_000_000;
/// What a key's own rate may be at most, a second.
pub const MOST_KEY_PER_S: u32 = 100_000;
/// A key with a rate of its own has a stock of so many seconds: as that of an organisation by default (2,000 at 100/s).
const KEY_STOCK_S: u32 = 20;

const SECOND: i64 = 1_000_000_000;

impl Rate {
    /// What is out of bounds is brought into them: 1 to [`MOST_PER_S`].
    #[must_use]
    pub const fn new(per_s: u32, burst: u32) -> Self {
        const fn bound(value: u32) -> u32 {
            match value {
                0 => 1,
                1..=MOST_PER_S => value,
                _ => MOST_PER_S,
            }
        }
        Self {
            per_s: bound(per_s),
            burst: bound(burst),
        }
    }

    /// The rate of a key that has one of its own.
    #[must_use]
    pub const fn of_key(per_s: u32) -> Self {
        Self::new(per_s, per_s.saturating_mul(KEY_STOCK_S))
    }

    #[must_use]
    pub fn per_s(self) -> u32 {
        self.per_s
    }

    #[must_use]
    pub fn burst(self) -> u32 {
        self.burst
    }

    /// Seconds in which an empty stock fills up, rounded up.
    #[must_use]
    pub fn fills_in_s(self) -> u64 {
        u64::from(self.burst).div_ceil(u64::from(self.per_s))
    }

    /// Nanoseconds in which one comes back.
    pub(crate) fn each(self) -> i64 {
        SECOND / i64::from(self.per_s)
    }

    /// Nanoseconds in which all come back.
    pub(crate) fn all(self) -> i64 {
        self.each() * i64::from(self.burst)
    }
}

/// A stock, as the time in nanoseconds at which it is full again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bucket(i64);

/// What a bucket has after it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Whether there was one to be had.
    pub taken: bool,
    /// How many there are now.
    pub remaining: u32,
    /// Seconds until the stock is full, rounded up.
    pub full_in_s: u64,
    /// Seconds until there is one again, rounded up; 0 while there is.
    pub next_in_s: u64,
}

impl Bucket {
    /// Takes one out, if there is one.
    pub fn take(&mut self, rate: Rate, now: Timestamp) -> Level {
        let now = nanos(now);
        let owed = self.owed(rate, now);
        let taken = owed + rate.each() <= rate.all();
        let owed = if taken { owed + rate.each() } else { owed };
        self.0 = now.saturating_add(owed);
        self.level(rate, now, taken)
    }

    /// What there is, without taking any.
    #[must_use]
    pub fn look(&self, rate: Rate, now: Timestamp) -> Level {
        let now = nanos(now);
        self.level(rate, now, self.owed(rate, now) + rate.each() <= rate.all())
    }

    /// Nanoseconds until it is full. Never more than when it is empty, so that a clock that stepped back, or a rate that
    /// was changed, locks nobody out.
    fn owed(self, rate: Rate, now: i64) -> i64 {
        self.0.saturating_sub(now).clamp(0, rate.all())
    }

    fn level(self, rate: Rate, now: i64, taken: bool) -> Level {
        let owed = self.owed(rate, now);
        let left = rate.all() - owed;
        let seconds = |nanos: i64| u64::try_from(nanos).unwrap_or(0).div_ceil(SECOND.unsigned_abs());
        Level {
            taken,
            remaining: u32::try_from(left / rate.each()).unwrap_or(u32::MAX),
            full_in_s: seconds(owed),
            next_in_s: seconds((rate.each() - left).max(0)),
        }
    }
}

fn nanos(time: Timestamp) -> i64 {
    time.as_ms().saturating_mul(1_000_000)
}

/// What an organisation may have at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// Sessions that exist, archived ones too.
    pub sessions: u64,
    /// Sessions that are awake: those that have a sandbox, are at work, or were a moment ago.
    pub sandboxes: u64,
    /// Sessions with a turn that runs or waits for its turn.
    pub turns: u64,
    /// People and service accounts.
    pub members: u64,
    /// Connections that stay open: sockets and streams.
    pub sockets: u64,
    /// Bytes that its sessions keep: their logs, with what was attached to prompts, and their artifacts. 0: as many as there
    /// is room for.
    pub storage: u64,
}

impl Default for Quotas {
    /// More than one machine can run: an operator who shares it among strangers sets what it can.
    fn default() -> Self {
        Self {
            sessions: 1_000_000,
            sandboxes: 50_000,
            turns: 10_000,
            members: 10_000,
            sockets: 8_000,
            storage: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(1_769_860_800_000 + ms)
    }

    #[test]
    fn a_stock_is_used_up_and_comes_back() {
        let rate = Rate::new(10, 5);
        let mut bucket = Bucket::default();
        for left in (0..5).rev() {
            let level = bucket.take(rate, at(0));
            assert!(level.taken);
            assert_eq!(level.remaining, left);
        }
        let empty = bucket.take(rate, at(0));
        assert_eq!(
            empty,
            Level {
                taken: false,
                remaining: 0,
                full_in_s: 1,
                next_in_s: 1
            }
        );
        assert!(bucket.take(rate, at(100)).taken);
        assert!(!bucket.take(rate, at(150)).taken);
        assert_eq!(
            bucket.look(rate, at(60_000)).remaining,
            5,
            "never more than the stock"
        );
        assert_eq!(rate.fills_in_s(), 1);
        assert_eq!(Rate::new(100, 2_000).fills_in_s(), 20);
    }

    #[test]
    fn a_clock_that_steps_back_locks_nobody_out() {
        let rate = Rate::new(1, 10);
        let mut bucket = Bucket::default();
        for _ in 0..10 {
            bucket.take(rate, at(1_000_000_000));
        }
        assert_eq!(bucket.look(rate, at(0)).next_in_s, 1);
        assert!(!bucket.take(rate, at(0)).taken);
        assert!(bucket.take(rate, at(1_000)).taken);
    }

    #[test]
    fn rates_are_brought_into_bounds() {
        assert_eq!(Rate::new(0, 0), Rate::new(1, 1));
        assert_eq!(Rate::new(u32::MAX, u32::MAX).per_s(), MOST_PER_S);
        assert_eq!(Rate::of_key(5).burst(), 100);
    }

    proptest! {
        /// Whatever the times, no window of `w` seconds lets more through than the stock and what came back in it.
        #[test]
        fn no_window_lets_more_through(
            per_s in 1_u32..1_000,
            burst in 1_u32..200,
            gaps in prop::collection::vec(0_u64..300, 1..400),
        ) {
            let rate = Rate::new(per_s, burst);
            let mut bucket = Bucket::default();
            let mut now = at(0);
            let mut taken = Vec::new();
            for gap in gaps {
                now = now.after(Duration::from_millis(gap));
                let before = bucket.look(rate, now);
                let level = bucket.take(rate, now);
                prop_assert_eq!(before.taken, level.taken, "looking says what taking would do");
                prop_assert_eq!(level.taken, before.remaining > 0);
                prop_assert!(level.remaining <= burst);
                prop_assert_eq!(level.remaining == 0, level.next_in_s > 0);
                if level.taken {
                    taken.push(now.as_ms());
                }
            }
            for (index, first) in taken.iter().enumerate() {
                for (after, last) in taken[index..].iter().enumerate() {
                    // `after` more than the first one; a fraction that had come back before counts, too.
                    let most = u64::from(burst) + u64::from(per_s) * (last - first).unsigned_abs() / 1_000 + 1;
                    prop_assert!(after as u64 <= most, "{} in {} ms", after + 1, last - first);
                }
            }
        }

        /// Who keeps to the rate is never turned away.
        #[test]
        fn who_keeps_to_the_rate_is_served(per_s in 1_u32..1_000, burst in 1_u32..100, n in 1_usize..200) {
            let rate = Rate::new(per_s, burst);
            let mut bucket = Bucket::default();
            let gap = Duration::from_millis(1_000_u64.div_ceil(u64::from(per_s)));
            let mut now = at(0);
            for _ in 0..n {
                prop_assert!(bucket.take(rate, now).taken);
                now = now.after(gap);
            }
        }
    }
}
