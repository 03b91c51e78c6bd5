//! The feed of organisations, in memory.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use ports::{
    EventBus, StoreError,
    event_bus::{BEHIND, Batch, FeedPage, Mark},
};
use protocol::{OrgEvent, OrgEventBody, OrgId, SessionId, Timestamp};
use serde_json::json;
use tokio::sync::broadcast;

use super::lock;

/// The fake of this port.
pub type Fake = MemoryEventBus;

/// Keeps everything in memory.
#[derive(Debug, Default)]
pub struct MemoryEventBus(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    feeds: BTreeMap<OrgId, Feed>,
    keys: HashSet<String>,
    marks: HashMap<SessionId, Mark>,
    batches: usize,
}

#[derive(Debug)]
struct Feed {
    head: u64,
    events: VecDeque<(OrgEvent, String)>,
    live: broadcast::Sender<Arc<OrgEvent>>,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            head: 0,
            events: VecDeque::new(),
            live: broadcast::Sender::new(BEHIND),
        }
    }
}

impl MemoryEventBus {
    /// Everything that an organisation's feed has, oldest first.
    #[must_use]
    pub fn all(&self, org: OrgId) -> Vec<OrgEvent> {
        let inner = lock(&self.0);
        let feed = inner.feeds.get(&org);
        feed.map(|feed| feed.events.iter().map(|(event, _)| event.clone()).collect())
            .unwrap_or_default()
    }

    /// Transactions so far.
    #[must_use]
    pub fn batches(&self) -> usize {
        lock(&self.0).batches
    }
}

#[async_trait]
impl EventBus for MemoryEventBus {
    async fn publish(&self, batch: Batch) -> Result<usize, StoreError> {
        let mut inner = lock(&self.0);
        inner.batches += 1;
        let mut count = 0;
        for new in batch.publications {
            if !inner.keys.insert(new.key.clone()) {
                continue;
            }
            let feed = inner.feeds.entry(new.org).or_default();
            feed.head += 1;
            let event = OrgEvent {
                seq: feed.head,
                at: new.at,
                session_id: new.session,
                body: new.body,
            };
            feed.events.push_back((event.clone(), new.key));
            // No reader is not an error.
            let _ = feed.live.send(Arc::new(event));
            count += 1;
        }
        for mark in batch.marks {
            inner.marks.insert(mark.session, mark);
        }
        Ok(count)
    }

    async fn marks(&self, sessions: Vec<SessionId>) -> Result<Vec<Mark>, StoreError> {
        let inner = lock(&self.0);
        Ok(sessions
            .iter()
            .filter_map(|id| inner.marks.get(id).cloned())
            .collect())
    }

    async fn read(&self, org: OrgId, after: u64, limit: usize) -> Result<FeedPage, StoreError> {
        let inner = lock(&self.0);
        let Some(feed) = inner.feeds.get(&org) else {
            return Ok(FeedPage {
                events: Vec::new(),
                head: 0,
                oldest: 1,
            });
        };
        let newer = feed.events.iter().filter(|(event, _)| event.seq > after);
        Ok(FeedPage {
            events: newer.take(limit).map(|(event, _)| event.clone()).collect(),
            head: feed.head,
            oldest: feed.events.front().map_or(feed.head + 1, |(event, _)| event.seq),
        })
    }

    fn subscribe(&self, org: OrgId) -> broadcast::Receiver<Arc<OrgEvent>> {
        lock(&self.0).feeds.entry(org).or_default().live.subscribe()
    }

    async fn forget_session(&self, session: SessionId) -> Result<(), StoreError> {
        let mut inner = lock(&self.0);
        for feed in inner.feeds.values_mut() {
            for (event, _) in &mut feed.events {
                if event.session_id == Some(session) {
                    event.body = OrgEventBody::from_parts(event.body.kind(), json!({}));
                }
            }
        }
        inner.marks.remove(&session);
        Ok(())
    }

    async fn forget_organisation(&self, org: OrgId) -> Result<(), StoreError> {
        let mut inner = lock(&self.0);
        if let Some(feed) = inner.feeds.remove(&org) {
            for (_, key) in feed.events {
                inner.keys.remove(&key);
            }
        }
        Ok(())
    }

    async fn trim(&self, before: Timestamp, keep: u64) -> Result<u64, StoreError> {
        let mut inner = lock(&self.0);
        let Inner { feeds, keys, .. } = &mut *inner;
        let mut dropped = 0;
        for feed in feeds.values_mut() {
            let surplus = u64::try_from(feed.events.len())
                .unwrap_or(u64::MAX)
                .saturating_sub(keep);
            let mut over = surplus;
            while let Some((event, _)) = feed.events.front() {
                if over == 0 && event.at >= before {
                    break;
                }
                over = over.saturating_sub(1);
                if let Some((_, key)) = feed.events.pop_front() {
                    keys.remove(&key);
                }
                dropped += 1;
            }
        }
        Ok(dropped)
    }
}
