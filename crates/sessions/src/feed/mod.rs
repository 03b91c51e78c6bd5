//! The teller: what sessions and settings do, put into the feed of their organisation.
//!
//! Nobody waits for it. A session leaves its list row here when something that a list shows has changed; one writer
//! takes what many have left, works out what to tell (the difference to what was told last, which the feed keeps as a
//! mark in the same transaction as the events) and publishes all of it at once. So a crash in between costs nothing but
//! time: the session is still marked awake, its next owner leaves its row again, and the difference is told then, once.

mod changes;
mod queue;
mod reader;
mod writer;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use ports::{
    EventBus, StoreError,
    catalog::SessionRow,
    event_bus::{Mark, Publication},
};
use protocol::{
    OrgEventBody, OrgId, SessionId,
    org_event::{OrgEventPage, RunRecorded},
    run::RunRecord,
};
use tokio::sync::oneshot;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub(crate) use changes::shows;
pub use changes::summary;
use queue::{Item, Queue};
pub use reader::{FeedError, FeedOutgoing, FeedPlace, FeedReader};

/// How long events are kept.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 3600);
/// How many events of an organisation are kept.
const KEPT: u64 = 100_000;
/// Marks that are remembered without asking for them.
const MARKS: usize = 4096;

/// What the teller has done, for the metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FeedFigures {
    /// Events published by this process.
    pub published: u64,
    /// Transactions it took.
    pub commits: u64,
    /// Attempts that failed.
    pub failures: u64,
    /// What waits to be published.
    pub waiting: u64,
    /// Streams and sockets that follow a feed.
    pub readers: u64,
}

#[derive(Debug, Default)]
struct Counters {
    published: AtomicU64,
    commits: AtomicU64,
    failures: AtomicU64,
}

/// The teller of one process, and the way to what was told. Cheap to clone.
#[derive(Clone)]
pub struct Feed(Arc<Inner>);

struct Inner {
    bus: Arc<dyn EventBus>,
    clock: Arc<dyn ports::Clock>,
    tasks: TaskTracker,
    stopping: CancellationToken,
    queue: Mutex<Queue>,
    marks: Mutex<HashMap<SessionId, Mark>>,
    counters: Counters,
    readers: Arc<AtomicUsize>,
    trimmed: writer::Trimmed,
}

impl std::fmt::Debug for Feed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feed")
            .field("figures", &self.figures())
            .finish_non_exhaustive()
    }
}

impl Feed {
    pub(crate) fn new(
        bus: Arc<dyn EventBus>,
        clock: Arc<dyn ports::Clock>,
        tasks: TaskTracker,
        stopping: CancellationToken,
    ) -> Self {
        Self(Arc::new(Inner {
            bus,
            clock,
            tasks,
            stopping,
            queue: Mutex::default(),
            marks: Mutex::default(),
            counters: Counters::default(),
            readers: Arc::default(),
            trimmed: writer::Trimmed::default(),
        }))
    }

    /// A session's row as it is now. `held` is dropped once the feed has it: as long as it is there, the session has
    /// something that was not told.
    pub(crate) fn tell_row(&self, row: SessionRow, held: impl Send + Sync + 'static) {
        self.leave(Item::Row {
            row: Box::new(row),
            _held: Box::new(held),
        });
    }

    /// Something that is told once under its key. When this returns `Ok` it is durable.
    ///
    /// # Errors
    /// When the feed does not take it, or the server stops.
    pub async fn publish(&self, publications: Vec<Publication>) -> Result<(), StoreError> {
        let (done, outcome) = oneshot::channel();
        if !self.leave(Item::Once { publications, done }) {
            return Err(StoreError::Unavailable("too much waits for the feed".into()));
        }
        outcome
            .await
            .unwrap_or_else(|_| Err(StoreError::Unavailable("the server is shutting down".into())))
    }

    /// Runs whose records can be read now.
    ///
    /// # Errors
    /// When the feed does not take them: tell them again.
    pub(crate) async fn tell_runs<'a>(
        &self,
        runs: impl IntoIterator<Item = &'a RunRecord>,
    ) -> Result<(), StoreError> {
        let publications = runs.into_iter().map(|run| Publication {
            org: run.org_id,
            session: Some(run.session_id),
            at: run.ended_at,
            body: OrgEventBody::RunRecorded(RunRecorded::from(run)),
            key: format!("{}:recorded", run.id),
        });
        match self.publish(publications.collect()).await {
            // A feed that is broken for good does not hold up the history.
            Err(StoreError::Corrupt(_) | StoreError::Invalid(_)) => Ok(()),
            outcome => outcome,
        }
    }

    /// Before the last of a session is removed: its end is told, and what the feed said of it is taken away.
    ///
    /// # Errors
    /// When the feed does not answer: ask again.
    pub(crate) async fn forget(&self, id: SessionId) -> Result<(), StoreError> {
        // Behind whatever waits, its end among it.
        self.publish(Vec::new()).await?;
        self.0.bus.forget_session(id).await?;
        self.marks().remove(&id);
        Ok(())
    }

    /// A page of an organisation's events. `after`: `None` = from the oldest that is kept.
    ///
    /// # Errors
    /// When the cursor lies after the last event or before the oldest that is kept, or the store does not answer.
    pub async fn page(
        &self,
        org: OrgId,
        after: Option<u64>,
        limit: usize,
    ) -> Result<OrgEventPage, FeedError> {
        let page = self.0.bus.read(org, after.unwrap_or(0), limit).await?;
        if let Some(after) = after {
            reader::check(after, &page)?;
        }
        let next_after = page
            .events
            .last()
            .map_or(after.unwrap_or(page.head), |event| event.seq);
        Ok(OrgEventPage {
            next_after,
            events: page.events,
            head: page.head,
            oldest: page.oldest,
        })
    }

    /// Everything after an event, then live. `None`: from the oldest that is kept.
    ///
    /// # Errors
    /// As [`Self::page`].
    pub async fn follow(&self, org: OrgId, after: Option<u64>) -> Result<FeedReader, FeedError> {
        FeedReader::open(self, org, after).await
    }

    /// What it has done.
    #[must_use]
    pub fn figures(&self) -> FeedFigures {
        let counters = &self.0.counters;
        FeedFigures {
            published: counters.published.load(Ordering::Relaxed),
            commits: counters.commits.load(Ordering::Relaxed),
            failures: counters.failures.load(Ordering::Relaxed),
            waiting: self.queue().len() as u64,
            readers: self.0.readers.load(Ordering::Relaxed) as u64,
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn marks(&self) -> MutexGuard<'_, HashMap<SessionId, Mark>> {
        self.0.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// False: there is no room.
    fn leave(&self, item: Item) -> bool {
        let (left, starts) = self.queue().leave(item);
        if starts {
            let feed = self.clone();
            self.0.tasks.spawn(async move { feed.write().await });
        }
        left
    }
}
