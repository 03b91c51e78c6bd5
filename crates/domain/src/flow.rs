//! A stream that is slowed down instead of refused: what comes is always taken, and whoever sent it is told how long to wait
//! before the next.
//!
//! For senders that cannot be turned away, because what they have would come again: the runners of an organisation. It is
//! counted as a bucket is, as the time at which the stock would be full again, but may go below empty: those who share it
//! wait for their own debt, each in the order in which it came.

use std::time::Duration;

use protocol::Timestamp;

use crate::limits::Rate;

/// Nobody is told to wait for longer, whatever the clock did.
const LONGEST: i64 = 10_000_000_000;

/// One stream's stock, as the time in nanoseconds at which it is full again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flow(i64);

impl Flow {
    /// Takes `amount` out and answers how long to wait before more is taken.
    pub fn take(&mut self, rate: Rate, amount: u64, now: Timestamp) -> Duration {
        let now = now.as_ms().saturating_mul(1_000_000);
        let amount = i64::try_from(amount).unwrap_or(i64::MAX);
        let owed = self.0.saturating_sub(now).clamp(0, rate.all() + LONGEST);
        let owed = owed
            .saturating_add(rate.each().saturating_mul(amount))
            .min(rate.all() + LONGEST);
        self.0 = now.saturating_add(owed);
        Duration::from_nanos(u64::try_from(owed - rate.all()).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(1_769_860_800_000 + ms)
    }

    #[test]
    fn what_is_past_the_stock_waits_for_its_own_debt() {
        let rate = Rate::new(10, 5);
        let mut flow = Flow::default();
        for _ in 0..5 {
            assert_eq!(flow.take(rate, 1, at(0)), Duration::ZERO);
        }
        assert_eq!(flow.take(rate, 1, at(0)), Duration::from_millis(100));
        assert_eq!(
            flow.take(rate, 2, at(0)),
            Duration::from_millis(300),
            "behind the first"
        );
        assert_eq!(flow.take(rate, 1, at(10_000)), Duration::ZERO, "it came back");
    }

    #[test]
    fn a_clock_that_steps_back_keeps_nobody_for_long() {
        let rate = Rate::new(1, 1);
        let mut flow = Flow::default();
        flow.take(rate, 1, at(1_000_000_000));
        assert!(flow.take(rate, 1, at(0)) <= Duration::from_secs(10));
        assert!(flow.take(rate, u64::MAX, at(0)) <= Duration::from_secs(10));
    }

    proptest! {
        /// Senders that do as they are told get through what the rate allows, and the stock: no more, and hardly less.
        #[test]
        fn the_rate_is_kept(per_s in 10_u32..2_000, burst in 1_u32..500, senders in 1_usize..20) {
            let rate = Rate::new(per_s, burst);
            let mut flow = Flow::default();
            let mut free_at = vec![0_i64; senders];
            let mut taken = 0_u64;
            for ms in 0..5_000 {
                for free in &mut free_at {
                    if *free <= ms {
                        let wait = flow.take(rate, 1, at(ms));
                        taken += 1;
                        *free = ms + 1 + i64::try_from(wait.as_millis()).unwrap();
                    }
                }
            }
            let most = u64::from(burst) + u64::from(per_s) * 5 + senders as u64 + 1;
            prop_assert!(taken <= most, "{} of {}", taken, most);
            let could = (senders as u64) * 5_000;
            let least = (u64::from(per_s) * 5).min(could) * 8 / 10;
            prop_assert!(taken + senders as u64 * 3 >= least.min(could / 2), "{} of at least {}", taken, least);
        }
    }
}
