//! The wall clock, in the one place where a driver needs it: agents state deadlines as Unix time.

/// Unix time in milliseconds.
#[expect(
    clippy::disallowed_methods,
    reason = "the only reader of the wall clock in this crate"
)]
pub(crate) fn unix_ms() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
