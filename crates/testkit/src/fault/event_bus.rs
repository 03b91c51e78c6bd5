//! Faults of the feed.

use std::sync::Arc;

use async_trait::async_trait;
use ports::{
    EventBus, StoreError,
    event_bus::{Batch, FeedPage, Mark},
};
use protocol::{OrgEvent, OrgId, SessionId, Timestamp};
use tokio::sync::broadcast;

use super::{Fault, strike, unavailable, unknown};

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "publish_unavailable",
        injects: "events cannot be published",
        outcome: "sessions go on without waiting; what they did is told later, in order, once",
    },
    Fault {
        name: "publish_full",
        injects: "no room for events",
        outcome: "as unavailable: told when there is room",
    },
    Fault {
        name: "publish_unknown_written",
        injects: "the events are written but the answer is lost",
        outcome: "published again under the same keys; each is there once",
    },
    Fault {
        name: "marks_unavailable",
        injects: "it is not known what was told of a session",
        outcome: "nothing is told until it is known",
    },
    Fault {
        name: "read_unavailable",
        injects: "events cannot be read",
        outcome: "a page fails as unavailable, never as empty; a stream ends, and its reader comes back",
    },
    Fault {
        name: "forget_unavailable",
        injects: "what the feed says of a deleted session cannot be removed now",
        outcome: "the removal stays owed and is done later",
    },
    Fault {
        name: "trim_unavailable",
        injects: "old events cannot be dropped",
        outcome: "they are kept longer; publishing goes on",
    },
];

super::decorator!("event_bus", ports::EventBus);

#[async_trait]
impl EventBus for Faulty {
    async fn publish(&self, batch: Batch) -> Result<usize, StoreError> {
        strike!(self, "publish_unavailable", unavailable());
        strike!(self, "publish_full", StoreError::Full);
        let count = self.inner.publish(batch).await?;
        strike!(self, "publish_unknown_written", unknown());
        Ok(count)
    }

    async fn marks(&self, sessions: Vec<SessionId>) -> Result<Vec<Mark>, StoreError> {
        strike!(self, "marks_unavailable", unavailable());
        self.inner.marks(sessions).await
    }

    async fn read(&self, org: OrgId, after: u64, limit: usize) -> Result<FeedPage, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.read(org, after, limit).await
    }

    fn subscribe(&self, org: OrgId) -> broadcast::Receiver<Arc<OrgEvent>> {
        self.inner.subscribe(org)
    }

    async fn forget_session(&self, session: SessionId) -> Result<(), StoreError> {
        strike!(self, "forget_unavailable", unavailable());
        self.inner.forget_session(session).await
    }

    async fn forget_organisation(&self, org: OrgId) -> Result<(), StoreError> {
        strike!(self, "forget_unavailable", unavailable());
        self.inner.forget_organisation(org).await
    }

    async fn trim(&self, before: Timestamp, keep: u64) -> Result<u64, StoreError> {
        strike!(self, "trim_unavailable", unavailable());
        self.inner.trim(before, keep).await
    }
}
