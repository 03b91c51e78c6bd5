//! The feed of an organisation: durable, in a dense sequence, told live.

use std::sync::Arc;

use async_trait::async_trait;
use protocol::{OrgEvent, OrgEventBody, OrgId, SessionId, Timestamp};
use tokio::sync::broadcast;

use crate::StoreError;

/// Events kept in memory for readers that are a little behind. One that is further behind reads.
pub const BEHIND: usize = 64;

/// What is to be published.
#[derive(Debug, Clone, PartialEq)]
pub struct Publication {
    pub org: OrgId,
    pub session: Option<SessionId>,
    pub at: Timestamp,
    pub body: OrgEventBody,
    /// The same key again is the same event, for as long as that one is kept.
    pub key: String,
}

/// How far a session has been told: what its next events are the difference to. Kept until the session is forgotten,
/// whatever becomes of the events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub session: SessionId,
    /// Position of the session's log.
    pub position: u64,
    /// What was told last, in the teller's own words.
    pub told: String,
}

/// One transaction of the feed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// In the order in which they get their numbers.
    pub publications: Vec<Publication>,
    pub marks: Vec<Mark>,
}

/// Events after a cursor, and what there is, as of one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedPage {
    pub events: Vec<OrgEvent>,
    /// `seq` of the last event there has been; 0 = none.
    pub head: u64,
    /// `seq` of the oldest event that is kept; `head + 1` when there is none.
    pub oldest: u64,
}

/// Keeps and tells the events of organisations.
#[async_trait]
pub trait EventBus: Send + Sync {
    /// Durable when this returns; answers how many events were new. Nobody hears of an event before it is durable.
    /// One whose key is known is left out; the marks are set all the same.
    async fn publish(&self, batch: Batch) -> Result<usize, StoreError>;

    /// The marks of these sessions, as far as they have one.
    async fn marks(&self, sessions: Vec<SessionId>) -> Result<Vec<Mark>, StoreError>;

    /// Events with a higher `seq`, oldest first.
    async fn read(&self, org: OrgId, after: u64, limit: usize) -> Result<FeedPage, StoreError>;

    /// What is published from now on, after it is durable, in order. Subscribe first, then read, then join on `seq`: a
    /// reader that is told of a `seq` which does not follow its last one reads.
    fn subscribe(&self, org: OrgId) -> broadcast::Receiver<Arc<OrgEvent>>;

    /// Takes the data out of every event of a session, and its mark away. The events keep their place and their type.
    async fn forget_session(&self, session: SessionId) -> Result<(), StoreError>;

    /// Drops every event of an organisation that is being erased, and its last number: its id is never used again.
    async fn forget_organisation(&self, org: OrgId) -> Result<(), StoreError>;

    /// Drops events from the old end, those from before a time and those beyond the newest `keep` of each organisation;
    /// answers how many. Numbers are never given again.
    async fn trim(&self, before: Timestamp, keep: u64) -> Result<u64, StoreError>;
}
