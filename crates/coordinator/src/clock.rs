//! How long something takes. Wall time comes through the Clock port.

use std::time::{Duration, Instant};

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
