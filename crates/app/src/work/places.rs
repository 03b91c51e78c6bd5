//! Places for probes: a few at a time, and never all of them for one organisation.
//!
//! A place is held until the last byte is out, so someone who reads slowly holds it for long. One place is always
//! left for the others.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use protocol::OrgId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Debug)]
pub(crate) struct Places {
    all: Arc<Semaphore>,
    for_one: usize,
    by_org: Mutex<HashMap<OrgId, Weak<Semaphore>>>,
}

/// Given back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    _own: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl Places {
    pub(crate) fn new(most: usize) -> Self {
        let most = most.max(1);
        Self {
            all: Arc::new(Semaphore::new(most)),
            for_one: (most - 1).max(1),
            by_org: Mutex::default(),
        }
    }

    /// `None` when there is none within `patience`.
    pub(crate) async fn take(&self, org: OrgId, patience: Duration) -> Option<Place> {
        let own = self.of(org);
        let both = async {
            let own = own.acquire_owned().await.ok()?;
            let of_all = Arc::clone(&self.all).acquire_owned().await.ok()?;
            Some(Place {
                _own: own,
                _of_all: of_all,
            })
        };
        tokio::time::timeout(patience, both).await.ok().flatten()
    }

    fn of(&self, org: OrgId) -> Arc<Semaphore> {
        let mut by_org = self.by_org.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = by_org.get(&org).and_then(Weak::upgrade) {
            return own;
        }
        by_org.retain(|_, own| own.strong_count() > 0);
        let own = Arc::new(Semaphore::new(self.for_one));
        by_org.insert(org, Arc::downgrade(&own));
        own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_organisation_never_has_all_places() {
        let places = Places::new(4);
        let patience = Duration::from_secs(30);
        let (one, two) = (OrgId::from_bits(1), OrgId::from_bits(2));
        let mut held = Vec::new();
        for _ in 0..3 {
            held.push(places.take(one, patience).await.unwrap());
        }
        assert!(places.take(one, patience).await.is_none());
        let other = places.take(two, patience).await.unwrap();
        assert!(places.take(two, patience).await.is_none(), "four in all");
        held.pop();
        assert!(places.take(one, patience).await.is_some());
        drop((held, other));
        assert!(Places::new(1).take(one, patience).await.is_some());
    }
}
