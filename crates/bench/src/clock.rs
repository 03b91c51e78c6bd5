//! Time, in nanoseconds since this process first asked. The one place that reads a clock.

use std::{
    sync::LazyLock,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

static ORIGIN: LazyLock<Instant> = LazyLock::new(instant);

#[expect(
    clippy::disallowed_methods,
    reason = "a bench measures real time, in this one place"
)]
fn instant() -> Instant {
    Instant::now()
}

/// Nanoseconds of a clock that never goes back.
pub(crate) fn now() -> u64 {
    u64::try_from(instant().duration_since(*ORIGIN).as_nanos()).unwrap_or(u64::MAX)
}

/// Milliseconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "sessions that are made for the bench carry a date"
)]
pub(crate) fn unix_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Seconds between two readings.
pub(crate) fn seconds(from: u64, to: u64) -> f64 {
    Duration::from_nanos(to.saturating_sub(from)).as_secs_f64()
}
