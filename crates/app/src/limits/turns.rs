//! Requests that are worked on: so many of one organisation at the same time, the others of it wait for their turn.
//!
//! What stands behind the requests (readers of the store, hashing, the disk) serves in order of arrival, so an
//! organisation that sends its whole stock at once would put everybody behind it. With its own line in front, at most
//! a few of its requests stand in the shared ones.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use protocol::{OrgId, ProblemCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{App, AppError};

/// Longest wait for one's turn. Requests take milliseconds, so whoever waits for so long is behind thousands of its own.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct Turns {
    at_once: usize,
    by_org: Mutex<HashMap<OrgId, Weak<Semaphore>>>,
}

/// Given back when dropped.
#[derive(Debug)]
pub struct Turn {
    _turn: OwnedSemaphorePermit,
}

impl Turns {
    pub(super) fn new(at_once: usize) -> Self {
        Self {
            at_once: at_once.max(1),
            by_org: Mutex::default(),
        }
    }

    fn of(&self, org: OrgId) -> Arc<Semaphore> {
        let mut by_org = self.by_org.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = by_org.get(&org).and_then(Weak::upgrade) {
            return own;
        }
        // Only those with a request underway are kept: there are never more of them than requests.
        by_org.retain(|_, own| own.strong_count() > 0);
        let own = Arc::new(Semaphore::new(self.at_once));
        by_org.insert(org, Arc::downgrade(&own));
        own
    }

    async fn take(&self, org: OrgId) -> Option<Turn> {
        let own = self.of(org);
        let turn = tokio::time::timeout(PATIENCE, own.acquire_owned()).await;
        turn.ok()?.ok().map(|turn| Turn { _turn: turn })
    }
}

impl App {
    /// Waits for a turn of this organisation; held until the answer begins.
    ///
    /// # Errors
    /// `rate_limited` when none comes for ten seconds.
    pub async fn turn(&self, org: OrgId) -> Result<Turn, AppError> {
        let limiter = self.limiter();
        limiter.turns.take(org).await.ok_or_else(|| {
            AppError::new(
                ProblemCode::RateLimited,
                "Too many requests of this organisation are being worked on. Send fewer at the same time.",
            )
            .limit(limiter.rates.at_once as u64)
            .retry_after_s(1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_organisation_waits_for_itself_alone() {
        let turns = Turns::new(2);
        let (one, two) = (OrgId::from_bits(1), OrgId::from_bits(2));
        let held = [turns.take(one).await.unwrap(), turns.take(one).await.unwrap()];
        assert!(turns.take(one).await.is_none(), "after its patience");
        let other = turns.take(two).await.unwrap();
        drop(held);
        assert!(turns.take(one).await.is_some());
        drop(other);
        drop(turns.take(OrgId::from_bits(3)).await);
        assert!(
            turns.by_org.lock().unwrap().len() <= 2,
            "those at rest are forgotten"
        );
    }
}
