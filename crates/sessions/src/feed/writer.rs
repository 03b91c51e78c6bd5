//! The one writer: as long as something waits, it takes what there is and publishes it in one transaction.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError, atomic::Ordering},
    time::Duration,
};

use ports::{
    StoreError,
    event_bus::{Batch, Mark},
};
use protocol::{SessionId, Timestamp};

use super::{Feed, KEPT, KEPT_FOR, MARKS, changes::changes, queue::Item};

/// Between two tries while the feed does not answer.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Old events are looked for after so many new ones, or so much time.
const TRIM_AFTER: u64 = 1000;
const TRIM_EVERY: Duration = Duration::from_secs(600);

/// When old events were last dropped, and how many have come since.
#[derive(Debug, Default)]
pub(super) struct Trimmed(Mutex<(Option<Timestamp>, u64)>);

impl Trimmed {
    /// Counts new events; true when it is time.
    fn is_due(&self, now: Timestamp, new: u64) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.1 += new;
        let due = last.1 >= TRIM_AFTER || last.0.is_none_or(|at| now.since(at) >= TRIM_EVERY);
        if due {
            *last = (Some(now), 0);
        }
        due
    }
}

impl Feed {
    /// Until nothing waits; the next who leaves something starts it again.
    pub(super) async fn write(&self) {
        loop {
            let items = self.queue().take();
            if items.is_empty() {
                return;
            }
            let outcome = self.insist(&items).await;
            let stopped = outcome.is_err() && self.0.stopping.is_cancelled();
            for item in items {
                if let Item::Once { done, .. } = item {
                    let said = match &outcome {
                        Ok(()) => Ok(()),
                        Err(StoreError::Corrupt(why) | StoreError::Invalid(why)) => {
                            Err(StoreError::Corrupt(why.clone()))
                        }
                        Err(error) => Err(StoreError::Unavailable(error.to_string())),
                    };
                    // Who asked may be gone.
                    let _ = done.send(said);
                }
            }
            if stopped {
                // Told by the next process: whatever waits is known from the sessions' logs.
                return self.leave_undone();
            }
        }
    }

    fn leave_undone(&self) {
        while !self.queue().take().is_empty() {}
    }

    /// Again and again while there is hope. `Err`: there is none, or the server stops.
    async fn insist(&self, items: &[Item]) -> Result<(), StoreError> {
        let mut pause = FIRST_PAUSE;
        loop {
            let error = match self.tell_all(items).await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            self.0.counters.failures.fetch_add(1, Ordering::Relaxed);
            if matches!(error, StoreError::Corrupt(_) | StoreError::Invalid(_)) {
                tracing::error!(%error, "the feed cannot be written; what was to be told is left out");
                return Err(error);
            }
            tracing::warn!(%error, "the feed takes nothing yet");
            tokio::select! {
                biased;
                () = self.0.stopping.cancelled() => return Err(error),
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            }
        }
    }

    async fn tell_all(&self, items: &[Item]) -> Result<(), StoreError> {
        let mut marks = self.known(items).await?;
        let mut batch = Batch::default();
        let mut changed: HashSet<SessionId> = HashSet::new();
        for item in items {
            match item {
                Item::Row { row, .. } => {
                    if let Some((publications, mark)) = changes(marks.get(&row.id), row) {
                        batch.publications.extend(publications);
                        changed.insert(row.id);
                        marks.insert(row.id, mark);
                    }
                }
                Item::Once { publications, .. } => batch.publications.extend(publications.iter().cloned()),
            }
        }
        batch.marks = changed.iter().filter_map(|id| marks.get(id).cloned()).collect();
        if batch.publications.is_empty() && batch.marks.is_empty() {
            self.remember(marks);
            return Ok(());
        }
        let new = self.0.bus.publish(batch).await? as u64;
        self.remember(marks);
        self.0.counters.published.fetch_add(new, Ordering::Relaxed);
        self.0.counters.commits.fetch_add(1, Ordering::Relaxed);
        self.trim(new).await;
        Ok(())
    }

    /// What was told of these sessions so far.
    async fn known(&self, items: &[Item]) -> Result<HashMap<SessionId, Mark>, StoreError> {
        let mut known = HashMap::new();
        let mut missing = HashSet::new();
        {
            let marks = self.marks();
            for item in items {
                if let Item::Row { row, .. } = item {
                    match marks.get(&row.id) {
                        Some(mark) => drop(known.insert(row.id, mark.clone())),
                        None => drop(missing.insert(row.id)),
                    }
                }
            }
        }
        if !missing.is_empty() {
            let found = self.0.bus.marks(missing.into_iter().collect()).await?;
            known.extend(found.into_iter().map(|mark| (mark.session, mark)));
        }
        Ok(known)
    }

    fn remember(&self, told: HashMap<SessionId, Mark>) {
        let mut marks = self.marks();
        if marks.len() + told.len() > MARKS {
            // They can be asked for.
            marks.clear();
        }
        marks.extend(told);
    }

    async fn trim(&self, new: u64) {
        let now = self.0.clock.now();
        if !self.0.trimmed.is_due(now, new) {
            return;
        }
        let before = Timestamp::from_ms(
            now.as_ms()
                .saturating_sub(i64::try_from(KEPT_FOR.as_millis()).unwrap_or(i64::MAX)),
        );
        match self.0.bus.trim(before, KEPT).await {
            Ok(0) => {}
            Ok(dropped) => tracing::debug!(dropped, "old events of the feed were dropped"),
            Err(error) => tracing::warn!(%error, "old events of the feed could not be dropped yet"),
        }
    }
}
