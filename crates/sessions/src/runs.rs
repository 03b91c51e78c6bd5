//! From the outboxes of sessions to the run history: one dispatcher for the whole host.
//!
//! The records themselves stay in the logs of their sessions until the history has them. What is here is a list of
//! the awake sessions that owe some, sharing the records with the sessions' own states. A session may fall asleep
//! owing: the catalogue then says so, durably, and it is woken again, a page of sessions at a time, once the
//! history takes records. So an hour without a history costs an entry of the catalogue for each session, and
//! neither memory nor a turn's time.

mod book;
mod dispatch;

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::session::State;
use protocol::{SessionId, Timestamp};
use tokio::sync::Notify;

use crate::{SessionError, Sessions};
use book::Book;

/// How far the run history is behind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunLag {
    /// Records that wait.
    pub waiting: u64,
    /// End of the turn that waits longest.
    pub oldest: Option<Timestamp>,
    /// Since when the history takes nothing; `None` while it does.
    pub failing_since: Option<Timestamp>,
    /// Records written by this process.
    pub written: u64,
}

/// Which sessions owe records, and the way to the dispatcher.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    book: Mutex<Book>,
    bell: Notify,
    running: AtomicBool,
    /// Held while records are being written, so that a deletion can wait for the end of it.
    writing: tokio::sync::Mutex<()>,
}

impl Runs {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A session has fallen asleep: what it owes is in the catalogue now.
    pub(crate) fn asleep(&self, id: SessionId, owing: bool) {
        self.book().asleep(id, owing);
        if owing {
            self.bell.notify_one();
        }
    }

    /// A session is being removed: when this returns, no record of it is being written, and none will be.
    pub(crate) async fn shut_out(&self, id: SessionId) {
        self.book().shut_out(id);
        drop(self.writing.lock().await);
    }

    /// A removed session is gone for good.
    pub(crate) fn gone(&self, id: SessionId) {
        self.book().gone(id);
    }
}

impl Sessions {
    /// A session's outbox has records.
    pub(crate) fn note_runs(&self, id: SessionId, state: &State) {
        let runs = &self.0.runs;
        runs.book().note(id, &state.outbox, self.now());
        self.dispatch_runs();
        runs.bell.notify_one();
    }

    /// Looks for sessions that fell asleep owing, also in an earlier process.
    pub(crate) fn take_up_runs(&self) {
        self.0.runs.book().look_for_sleepers();
        self.dispatch_runs();
        self.0.runs.bell.notify_one();
    }

    fn dispatch_runs(&self) {
        if !self.0.runs.running.swap(true, Ordering::SeqCst) {
            let sessions = self.clone();
            self.0.tasks.spawn(dispatch::run(sessions));
        }
    }

    /// How far the run history is behind, sleeping sessions included.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub async fn run_lag(&self) -> Result<RunLag, SessionError> {
        let sleeping = self.0.ports.catalog.owed_runs().await?;
        let lag = self.0.runs.book().lag();
        Ok(RunLag {
            waiting: lag.waiting + sleeping.runs,
            oldest: lag.oldest.into_iter().chain(sleeping.oldest).min(),
            ..lag
        })
    }
}

/// Between half of a pause and half more than it, so that many servers don't come back in step.
fn jittered(pause: Duration, random: u8) -> Duration {
    pause / 2 + pause.mul_f64(f64::from(random) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jittered_pause_is_around_the_pause() {
        let pause = Duration::from_secs(10);
        assert_eq!(jittered(pause, 0), Duration::from_secs(5));
        assert_eq!(jittered(pause, 255), Duration::from_secs(15));
    }
}
