//! How many calls of one session run at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use protocol::SessionId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Calls of one session at once; agents ask for a title beside the turn, and start sub-agents.
const AT_ONCE: usize = 4;
/// Calls that may wait behind them.
const WAITING: usize = 32;
/// Bodies of one session in memory at once, besides those of the calls at once.
const BODIES: usize = 4;
const LONGEST_WAIT: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(crate) struct Slots {
    at_once: usize,
    waiting: usize,
    by_session: Mutex<HashMap<SessionId, Weak<Semaphore>>>,
}

impl Slots {
    /// For calls under way.
    pub(crate) fn calls() -> Self {
        Self::new(AT_ONCE, WAITING)
    }

    /// For requests whose body is read, or waits in memory for a call to end.
    pub(crate) fn bodies() -> Self {
        Self::new(BODIES, WAITING)
    }

    fn new(at_once: usize, waiting: usize) -> Self {
        Self {
            at_once,
            waiting,
            by_session: Mutex::default(),
        }
    }

    /// Waits for a free slot; `None` when too many wait already or for too long.
    pub(crate) async fn take(&self, session: SessionId) -> Option<OwnedSemaphorePermit> {
        let semaphore = {
            let mut by_session = self.by_session.lock().unwrap_or_else(PoisonError::into_inner);
            match by_session.get(&session).and_then(Weak::upgrade) {
                Some(semaphore) => semaphore,
                None => {
                    by_session.retain(|_, semaphore| semaphore.strong_count() > 0);
                    let semaphore = Arc::new(Semaphore::new(self.at_once));
                    by_session.insert(session, Arc::downgrade(&semaphore));
                    semaphore
                }
            }
        };
        // Each call, running or waiting, holds the semaphore once.
        if Arc::strong_count(&semaphore) > self.at_once + self.waiting {
            return None;
        }
        tokio::time::timeout(LONGEST_WAIT, semaphore.acquire_owned())
            .await
            .ok()?
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_bodies_of_one_session_in_memory_are_few() {
        let (slots, one) = (Slots::bodies(), SessionId::new(1, 1));
        let mut held = Vec::new();
        for _ in 0..BODIES {
            held.push(slots.take(one).await.unwrap());
        }
        assert!(slots.take(one).await.is_none(), "waits in vain");
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_has_four_and_others_are_not_held_up() {
        let slots = Slots::calls();
        let (one, two) = (SessionId::new(1, 1), SessionId::new(2, 2));
        let mut held = Vec::new();
        for _ in 0..AT_ONCE {
            held.push(slots.take(one).await.unwrap());
        }
        assert!(slots.take(one).await.is_none(), "waits in vain");
        assert!(slots.take(two).await.is_some());
        held.pop();
        assert!(slots.take(one).await.is_some());
        drop(held);
        let _other = slots.take(two).await;
        assert_eq!(
            slots.by_session.lock().unwrap().len(),
            1,
            "idle sessions are forgotten"
        );
    }
}
