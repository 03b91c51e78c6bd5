//! The real clock. The one place of this room that asks the system for the time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use protocol::Timestamp;

/// Wall time of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl ports::Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the real adapter of the Clock port"
    )]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Measures how long something takes, for people and time-outs of the command line.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "elapsed time for display needs the monotonic clock"
    )]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
