//! The session log of one host.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use ports::{
    SessionLog, StoreError,
    idempotency::Written,
    session_log::{Acquired, Commit, LogEntry},
};
use protocol::{PromptId, SessionId, Timestamp};

use super::{unavailable, underway, unknown};
use crate::{
    mutant::Mutant,
    world::{Shared, lock},
};

/// A slow disk, ms.
const SLOW_MS: u64 = 5_000;
const USUAL_MS: u64 = 8;

pub(crate) struct SimLog {
    world: Shared,
    /// Which host asks.
    host: u32,
    /// Commits that a broken variant has confirmed and not stored.
    volatile: Arc<Mutex<BTreeMap<SessionId, VecDeque<Late>>>>,
}

struct Late {
    epoch: u64,
    expected: u64,
    commit: Commit,
}

impl SimLog {
    pub(crate) fn new(world: &Shared, host: u32) -> Arc<Self> {
        Arc::new(Self {
            world: Arc::clone(world),
            host,
            volatile: Arc::default(),
        })
    }

    async fn underway(&self) {
        let slow = self.world.strikes("log slow", |rates| rates.log_slow);
        underway(&self.world, if slow { SLOW_MS } else { USUAL_MS }).await;
    }

    async fn reading(&self) -> Result<(), StoreError> {
        self.underway().await;
        if self.world.strikes("log read fails", |rates| rates.log_read) {
            return Err(unavailable());
        }
        Ok(())
    }

    /// Makes it durable, and has it judged.
    async fn store(&self, id: SessionId, late: Late) -> Result<(), StoreError> {
        store(&self.world, self.host, id, late).await
    }
}

async fn store(world: &Shared, host: u32, id: SessionId, late: Late) -> Result<(), StoreError> {
    let Late {
        epoch,
        expected,
        mut commit,
    } = late;
    match world.mutant {
        Some(Mutant::KeyNotKept) => commit.idempotency.clear(),
        Some(Mutant::AlarmNotStored) => commit.alarm = None,
        _ => {}
    }
    let mut by = epoch;
    if world.mutant == Some(Mutant::UnfencedLog) {
        // Whoever owns it now lends its number.
        by = world.log.peek(id).await?.map_or(epoch, |acquired| acquired.epoch);
    }
    world.log.append(id, by, expected, commit.clone()).await?;
    world.count("commits");
    world.note(|| {
        let kinds: Vec<&str> = commit.entries.iter().map(|entry| entry.kind.as_str()).collect();
        format!(
            "host {host} commits to {id} after {expected}, epoch {epoch}: {}",
            kinds.join(" ")
        )
    });
    let held = world.oracle().committed(id, host, epoch, &commit);
    world.judge(held);
    Ok(())
}

#[async_trait]
impl SessionLog for SimLog {
    async fn create(&self, id: SessionId) -> Result<(), StoreError> {
        self.underway().await;
        if self.world.strikes("log full", |rates| rates.log_full) {
            return Err(StoreError::Full);
        }
        self.world.log.create(id).await
    }

    async fn acquire(&self, id: SessionId) -> Result<Option<Acquired>, StoreError> {
        self.underway().await;
        if self.world.strikes("log not acquired", |rates| rates.log_read) {
            return Err(unavailable());
        }
        let late = lock(&self.volatile).remove(&id).unwrap_or_default();
        for late in late {
            self.store(id, late).await?;
        }
        let acquired = self.world.log.acquire(id).await?;
        if let Some(acquired) = &acquired {
            self.world
                .note(|| format!("host {} acquires {id}, epoch {}", self.host, acquired.epoch));
            let held = self.world.oracle().acquired(id, acquired.epoch, self.host);
            self.world.judge(held);
        }
        self.world.pause(USUAL_MS).await;
        Ok(acquired)
    }

    async fn peek(&self, id: SessionId) -> Result<Option<Acquired>, StoreError> {
        self.reading().await?;
        self.world.log.peek(id).await
    }

    async fn append(
        &self,
        id: SessionId,
        epoch: u64,
        expected: u64,
        commit: Commit,
    ) -> Result<(), StoreError> {
        let late = Late {
            epoch,
            expected,
            commit,
        };
        if self.world.mutant == Some(Mutant::AckBeforeCommit) {
            lock(&self.volatile).entry(id).or_default().push_back(late);
            let (world, host, volatile) = (self.world.clone(), self.host, Arc::clone(&self.volatile));
            tokio::spawn(async move {
                world.sleep(1, 50).await;
                let late = lock(&volatile).get_mut(&id).and_then(VecDeque::pop_front);
                if let Some(late) = late {
                    let _ = store(&world, host, id, late).await;
                }
            });
            self.world.step();
            return Ok(());
        }
        self.underway().await;
        if self.world.strikes("log full", |rates| rates.log_full) {
            return Err(StoreError::Full);
        }
        if self
            .world
            .strikes("log unavailable", |rates| rates.log_unavailable)
        {
            return Err(unavailable());
        }
        if self
            .world
            .strikes("commit unknown, lost", |rates| rates.log_unknown_lost)
        {
            return Err(unknown());
        }
        self.store(id, late).await?;
        self.world.pause(USUAL_MS).await;
        if self
            .world
            .strikes("commit unknown, written", |rates| rates.log_unknown_written)
        {
            return Err(unknown());
        }
        Ok(())
    }

    async fn read(
        &self,
        id: SessionId,
        after: u64,
        limit: usize,
    ) -> Result<Option<Vec<LogEntry>>, StoreError> {
        self.reading().await?;
        let page = self.world.log.read(id, after, limit).await;
        // What was read is on its way while others go on.
        self.world.pause(USUAL_MS).await;
        page
    }

    async fn facts(
        &self,
        id: SessionId,
        after: u64,
        limit: usize,
    ) -> Result<Option<Vec<LogEntry>>, StoreError> {
        self.reading().await?;
        SessionLog::facts(&*self.world.log, id, after, limit).await
    }

    async fn private_before(
        &self,
        id: SessionId,
        prompt_id: PromptId,
        kind: &str,
    ) -> Result<Option<LogEntry>, StoreError> {
        self.reading().await?;
        self.world.log.private_before(id, prompt_id, kind).await
    }

    async fn head(&self, id: SessionId) -> Result<Option<u64>, StoreError> {
        self.reading().await?;
        let head = self.world.log.head(id).await;
        self.world.pause(USUAL_MS).await;
        head
    }

    async fn recall(
        &self,
        id: SessionId,
        scope: &str,
        key: &str,
        fingerprint: &[u8; 32],
        now: Timestamp,
    ) -> Result<Written, StoreError> {
        self.reading().await?;
        self.world.log.recall(id, scope, key, fingerprint, now).await
    }

    async fn release(&self, id: SessionId, epoch: u64) -> Result<(), StoreError> {
        self.underway().await;
        if self
            .world
            .strikes("log not released", |rates| rates.log_unavailable)
        {
            return Err(unavailable());
        }
        self.world
            .note(|| format!("host {} releases {id}, epoch {epoch}", self.host));
        self.world.log.release(id, epoch).await
    }

    async fn delete(&self, id: SessionId) -> Result<(), StoreError> {
        self.underway().await;
        if self
            .world
            .strikes("log not deleted", |rates| rates.log_unavailable)
        {
            return Err(unavailable());
        }
        self.world.note(|| format!("host {} deletes {id}", self.host));
        self.world.log.delete(id).await?;
        let held = self.world.oracle().deleted(id);
        self.world.judge(held);
        Ok(())
    }
}
