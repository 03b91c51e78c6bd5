//! The one place in the jail that reads the clock.

use protocol::Timestamp;

/// Now, for records that people read.
#[expect(
    clippy::disallowed_methods,
    reason = "a keeper is a process of its own: nobody can hand it a clock"
)]
pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A point on the monotonic clock, for deadlines before a runtime exists.
#[expect(
    clippy::disallowed_methods,
    reason = "a keeper is a process of its own: nobody can hand it a clock"
)]
pub(crate) fn monotonic() -> std::time::Instant {
    std::time::Instant::now()
}
