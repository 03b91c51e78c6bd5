//! A reader's way through a feed: replay and live tail are one path, as in a session.
//!
//! Subscribe first, then read, then join on `seq`. A reader that falls behind what is kept in memory goes back to
//! reading, a page at a time at its own pace.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use ports::{EventBus, StoreError, event_bus::FeedPage};
use protocol::{OrgEvent, OrgId};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio_util::sync::CancellationToken;

use super::Feed;

/// Events read at a time.
const PAGE: usize = 100;

/// Why there is nothing to read.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The cursor lies after the last event.
    #[error("the cursor lies after the last event, which is {head}")]
    Ahead { head: u64 },
    /// The cursor lies before the oldest event that is kept.
    #[error("the cursor lies before the oldest event that is kept, which is {oldest}")]
    Expired { oldest: u64 },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a reader gets.
#[derive(Debug, Clone)]
pub enum FeedOutgoing {
    Event(Arc<OrgEvent>),
    /// Once: everything that was there at subscription has been given.
    CaughtUp {
        head: u64,
    },
}

/// One reader.
pub struct FeedReader {
    bus: Arc<dyn EventBus>,
    org: OrgId,
    live: Receiver<Arc<OrgEvent>>,
    stopping: CancellationToken,
    /// Where it began.
    start: FeedPlace,
    cursor: u64,
    waiting: VecDeque<OrgEvent>,
    reading: bool,
    caught_up: bool,
    /// A type of event that is not for this reader.
    held_back: Option<&'static str>,
    _counted: Counted,
}

/// Where a feed stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedPlace {
    pub head: u64,
    pub oldest: u64,
}

struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for FeedReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FeedReader")
            .field("org", &self.org)
            .field("cursor", &self.cursor)
            .finish_non_exhaustive()
    }
}

/// Whether everything after `after` can be had.
pub(super) fn check(after: u64, page: &FeedPage) -> Result<(), FeedError> {
    if after > page.head {
        return Err(FeedError::Ahead { head: page.head });
    }
    if after + 1 < page.oldest {
        return Err(FeedError::Expired { oldest: page.oldest });
    }
    Ok(())
}

impl FeedReader {
    pub(super) async fn open(feed: &Feed, org: OrgId, after: Option<u64>) -> Result<Self, FeedError> {
        let inner = &feed.0;
        let live = inner.bus.subscribe(org);
        let page = inner.bus.read(org, after.unwrap_or(0), PAGE).await?;
        if let Some(after) = after {
            check(after, &page)?;
        }
        inner.readers.fetch_add(1, Ordering::Relaxed);
        Ok(Self {
            bus: Arc::clone(&inner.bus),
            org,
            live,
            stopping: inner.stopping.clone(),
            start: FeedPlace {
                head: page.head,
                oldest: page.oldest,
            },
            cursor: after.unwrap_or(page.oldest - 1),
            waiting: page.events.into(),
            reading: true,
            caught_up: false,
            held_back: None,
            _counted: Counted(Arc::clone(&inner.readers)),
        })
    }

    /// Where the feed stood when the reader began.
    #[must_use]
    pub fn start(&self) -> FeedPlace {
        self.start
    }

    /// Passes over events of this type from now on: they keep their numbers, and the reader goes on behind them.
    pub fn hold_back(&mut self, kind: Option<&'static str>) {
        self.held_back = kind;
    }

    fn is_held_back(&self, event: &OrgEvent) -> bool {
        self.held_back.is_some_and(|kind| event.body.kind() == kind)
    }

    /// The next. `None` when the server stops. May be dropped and called again.
    pub async fn next(&mut self) -> Option<Result<FeedOutgoing, FeedError>> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                self.cursor = event.seq;
                if self.is_held_back(&event) {
                    continue;
                }
                return Some(Ok(FeedOutgoing::Event(Arc::new(event))));
            }
            if self.stopping.is_cancelled() {
                return None;
            }
            if self.reading {
                match self.bus.read(self.org, self.cursor, PAGE).await {
                    Ok(page) => {
                        // It was away for so long that what follows is gone.
                        if let Err(error) = check(self.cursor, &page) {
                            return Some(Err(error));
                        }
                        self.waiting = page.events.into();
                    }
                    Err(error) => return Some(Err(error.into())),
                }
                if self.waiting.is_empty() {
                    self.reading = false;
                    if !std::mem::replace(&mut self.caught_up, true) {
                        return Some(Ok(FeedOutgoing::CaughtUp { head: self.cursor }));
                    }
                }
                continue;
            }
            let told = tokio::select! {
                biased;
                () = self.stopping.cancelled() => return None,
                told = self.live.recv() => told,
            };
            match told {
                Ok(event) if event.seq == self.cursor + 1 => {
                    self.cursor = event.seq;
                    if self.is_held_back(&event) {
                        continue;
                    }
                    return Some(Ok(FeedOutgoing::Event(event)));
                }
                Ok(event) if event.seq <= self.cursor => {}
                Ok(_) | Err(RecvError::Lagged(_)) => self.reading = true,
                Err(RecvError::Closed) => return None,
            }
        }
    }
}
