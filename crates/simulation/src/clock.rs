//! The world's time: tokio's paused time, strung together over the lives of the server, and a wall clock on top
//! that may be wrong.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use ports::Clock;
use protocol::Timestamp;
use testkit::fake::clock::START;
use tokio::time::Instant;

#[derive(Debug, Default)]
pub(crate) struct WorldClock {
    /// Length of the lives before this one, ms.
    before: AtomicI64,
    began: Mutex<Option<Instant>>,
    /// How wrong the wall clock is, ms.
    offset: AtomicI64,
}

impl WorldClock {
    /// Within a new runtime.
    pub(crate) fn begin(&self) {
        *self.began() = Some(Instant::now());
    }

    /// Within the runtime that ends.
    pub(crate) fn pause(&self) {
        let elapsed = self.elapsed_ms();
        self.before.store(elapsed, Ordering::SeqCst);
        *self.began() = None;
    }

    /// True time since the run began, ms.
    pub(crate) fn elapsed_ms(&self) -> i64 {
        let this_life = self.began().map_or(0, |began| began.elapsed().as_millis());
        self.before.load(Ordering::SeqCst) + i64::try_from(this_life).unwrap_or(i64::MAX)
    }

    /// The wall clock is set, forwards or backwards.
    pub(crate) fn step(&self, ms: i64) {
        self.offset.fetch_add(ms, Ordering::SeqCst);
    }

    fn began(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.began.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for WorldClock {
    fn now(&self) -> Timestamp {
        let ms = self.elapsed_ms() + self.offset.load(Ordering::SeqCst);
        // A day in: steps backwards stay behind the beginning of nothing.
        Timestamp::from_ms(START.as_ms() + ms).after(Duration::from_secs(86_400))
    }
}
