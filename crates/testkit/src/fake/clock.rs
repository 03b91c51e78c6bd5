//! Clocks that a test sets, or that follow tokio's (pausable) time.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use ports::Clock;
use protocol::Timestamp;

/// The fake of this port.
pub type Fake = ManualClock;

/// Noon of a day in 2026: where test clocks start.
pub const START: Timestamp = Timestamp::from_ms(1_769_860_800_000);

/// Stands still until told otherwise.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl Default for ManualClock {
    fn default() -> Self {
        Self::at(START)
    }
}

impl ManualClock {
    #[must_use]
    pub fn at(time: Timestamp) -> Self {
        Self(AtomicI64::new(time.as_ms()))
    }

    /// Sets the time, forwards or backwards.
    pub fn set(&self, time: Timestamp) {
        self.0.store(time.as_ms(), Ordering::SeqCst);
    }

    /// Moves on and answers the new time.
    pub fn advance(&self, span: Duration) -> Timestamp {
        let time = self.now().after(span);
        self.set(time);
        time
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.0.load(Ordering::SeqCst))
    }
}

/// Follows tokio's time from [`START`] on, so that a test with paused time moves clock and timers together.
#[derive(Debug)]
pub struct TokioClock(tokio::time::Instant);

impl Default for TokioClock {
    fn default() -> Self {
        Self(tokio::time::Instant::now())
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        START.after(self.0.elapsed())
    }
}
