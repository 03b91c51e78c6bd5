//! How fast the other end of a socket may send: so many frames and bytes a second, and a stock of both for bursts.

use std::time::Duration;

use tokio::time::Instant;

/// What a socket may send.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) frames: u64,
    pub(crate) frames_at_once: u64,
    pub(crate) bytes: u64,
    pub(crate) bytes_at_once: u64,
}

/// A client. A person or a program that drives a session sends a few frames a minute; a prompt with all its attachments
/// is 12 MiB.
pub(crate) const CLIENT: Rate = Rate {
    frames: 100,
    frames_at_once: 1_000,
    bytes: 4 << 20,
    bytes_at_once: 64 << 20,
};

/// A runner, for what is not a report: reports wait for their commit, which is a brake of its own. A runner joins the
/// pieces of a text that come within 50 ms.
pub(crate) const RUNNER: Rate = Rate {
    frames: 2_000,
    frames_at_once: 8_000,
    bytes: 16 << 20,
    bytes_at_once: 64 << 20,
};

/// One socket's stock. It is counted as the time at which it would be full again.
#[derive(Debug)]
pub(crate) struct Pace {
    rate: Rate,
    frames_full: Instant,
    bytes_full: Instant,
}

impl Pace {
    pub(crate) fn new(rate: Rate) -> Self {
        let now = Instant::now();
        Self {
            rate,
            frames_full: now,
            bytes_full: now,
        }
    }

    /// Takes one frame out of the stock.
    ///
    /// # Errors
    /// How long it takes until there is room for it, when there is none now.
    pub(crate) fn take(&mut self, bytes: usize) -> Result<(), Duration> {
        let now = Instant::now();
        let (frames, over) = later(
            self.frames_full,
            now,
            1,
            self.rate.frames,
            self.rate.frames_at_once,
        );
        let (bytes, over_bytes) = later(
            self.bytes_full,
            now,
            bytes as u64,
            self.rate.bytes,
            self.rate.bytes_at_once,
        );
        let wait = over.max(over_bytes);
        if !wait.is_zero() {
            return Err(wait);
        }
        (self.frames_full, self.bytes_full) = (frames, bytes);
        Ok(())
    }
}

/// When the stock is full again after `amount` is taken out, and by how long that is too late.
fn later(full: Instant, now: Instant, amount: u64, per_second: u64, at_once: u64) -> (Instant, Duration) {
    let span = |amount: u64| Duration::from_nanos(amount.saturating_mul(1_000_000_000) / per_second.max(1));
    let full = full.max(now) + span(amount);
    (full, (full - now).saturating_sub(span(at_once)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Rate = Rate {
        frames: 10,
        frames_at_once: 5,
        bytes: 1_000,
        bytes_at_once: 2_000,
    };

    #[tokio::test(start_paused = true)]
    async fn a_stock_is_used_up_and_comes_back() {
        let mut pace = Pace::new(SMALL);
        for _ in 0..5 {
            assert_eq!(pace.take(1), Ok(()));
        }
        assert_eq!(pace.take(1), Err(Duration::from_millis(100)));
        tokio::time::advance(Duration::from_millis(250)).await;
        assert_eq!((pace.take(1), pace.take(1)), (Ok(()), Ok(())));
        assert!(pace.take(1).is_err());
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(pace.take(2_000), Ok(()));
        assert_eq!(
            pace.take(500),
            Err(Duration::from_millis(500)),
            "never more than the stock"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_larger_than_the_stock_does_not_fit() {
        assert_eq!(Pace::new(SMALL).take(3_000), Err(Duration::from_secs(1)));
    }
}
