//! Logs of sessions, in memory: fenced, dense, with snapshots and idempotency keys.

use std::{collections::HashMap, sync::Mutex};

use async_trait::async_trait;
use ports::{
    SessionLog, StoreError,
    idempotency::Written,
    session_log::{Acquired, Commit, LogEntry, PAGE_BYTES},
};
use protocol::{PromptId, SessionId, Timestamp};

use super::{idempotency::Keys, lock};

/// The fake of this port.
pub type Fake = MemorySessionLog;

/// Survives its owners: a "restart" in a test is a new owner on the same value.
#[derive(Debug, Default)]
pub struct MemorySessionLog(Mutex<HashMap<SessionId, Log>>);

#[derive(Debug, Default)]
struct Log {
    epoch: u64,
    owned: bool,
    entries: Vec<LogEntry>,
    snapshot: Option<(u64, Vec<u8>)>,
    alarm: Option<Timestamp>,
    keys: Keys,
}

impl Log {
    fn position(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.position)
    }

    fn head(&self) -> u64 {
        self.entries.iter().rev().find_map(|entry| entry.seq).unwrap_or(0)
    }

    /// What an owner starts from.
    fn start(&self) -> Acquired {
        let from = self.snapshot.as_ref().map_or(0, |(position, _)| *position);
        let entries = self.entries.iter().filter(|entry| entry.position > from);
        Acquired {
            epoch: self.epoch,
            position: self.position(),
            head: self.head(),
            snapshot: self.snapshot.clone(),
            entries: entries.cloned().collect(),
        }
    }

    /// Positions and seqs go on without a gap.
    fn continues(&self, entries: &[LogEntry]) -> bool {
        let (mut position, mut head) = (self.position(), self.head());
        entries.iter().all(|entry| {
            position += 1;
            head += u64::from(entry.seq.is_some());
            entry.position == position && entry.seq.is_none_or(|seq| seq == head)
        })
    }
}

impl MemorySessionLog {
    /// Every fact of a session, private ones too.
    #[must_use]
    pub fn facts(&self, id: SessionId) -> Vec<LogEntry> {
        lock(&self.0)
            .get(&id)
            .map(|log| log.entries.clone())
            .unwrap_or_default()
    }

    /// The alarm of the last commit.
    #[must_use]
    pub fn alarm(&self, id: SessionId) -> Option<Timestamp> {
        lock(&self.0).get(&id).and_then(|log| log.alarm)
    }

    /// Whether somebody holds the log now.
    #[must_use]
    pub fn is_owned(&self, id: SessionId) -> bool {
        lock(&self.0).get(&id).is_some_and(|log| log.owned)
    }
}

#[async_trait]
impl SessionLog for MemorySessionLog {
    async fn create(&self, id: SessionId) -> Result<(), StoreError> {
        lock(&self.0).entry(id).or_default();
        Ok(())
    }

    async fn acquire(&self, id: SessionId) -> Result<Option<Acquired>, StoreError> {
        let mut logs = lock(&self.0);
        let Some(log) = logs.get_mut(&id) else {
            return Ok(None);
        };
        log.epoch += 1;
        log.owned = true;
        Ok(Some(log.start()))
    }

    async fn peek(&self, id: SessionId) -> Result<Option<Acquired>, StoreError> {
        Ok(lock(&self.0).get(&id).map(Log::start))
    }

    async fn append(
        &self,
        id: SessionId,
        epoch: u64,
        expected: u64,
        commit: Commit,
    ) -> Result<(), StoreError> {
        let mut logs = lock(&self.0);
        let log = logs.get_mut(&id).ok_or(StoreError::Fenced)?;
        if !log.owned || log.epoch != epoch || log.position() != expected {
            return Err(StoreError::Fenced);
        }
        if !log.continues(&commit.entries) {
            return Err(StoreError::Invalid("the commit does not continue the log".into()));
        }
        log.entries.extend(commit.entries);
        if let Some(state) = commit.snapshot {
            log.snapshot = Some((log.position(), state));
        }
        log.alarm = commit.alarm;
        for entry in commit.idempotency {
            log.keys.remember(Some(entry));
        }
        Ok(())
    }

    async fn read(
        &self,
        id: SessionId,
        after: u64,
        limit: usize,
    ) -> Result<Option<Vec<LogEntry>>, StoreError> {
        let logs = lock(&self.0);
        let Some(log) = logs.get(&id) else { return Ok(None) };
        let public = log
            .entries
            .iter()
            .filter(|entry| entry.seq.is_some_and(|seq| seq > after));
        let mut bytes = 0;
        let page = public.take(limit).take_while(|entry| {
            let room = bytes < PAGE_BYTES;
            bytes += entry.body.len();
            room
        });
        Ok(Some(page.cloned().collect()))
    }

    async fn facts(
        &self,
        id: SessionId,
        after: u64,
        limit: usize,
    ) -> Result<Option<Vec<LogEntry>>, StoreError> {
        let logs = lock(&self.0);
        let Some(log) = logs.get(&id) else { return Ok(None) };
        let mut bytes = 0;
        let page = log.entries.iter().filter(|entry| entry.position > after);
        let page = page.take(limit).take_while(|entry| {
            let room = bytes < PAGE_BYTES;
            bytes += entry.body.len();
            room
        });
        Ok(Some(page.cloned().collect()))
    }

    async fn private_before(
        &self,
        id: SessionId,
        prompt_id: PromptId,
        kind: &str,
    ) -> Result<Option<LogEntry>, StoreError> {
        let logs = lock(&self.0);
        let Some(log) = logs.get(&id) else { return Ok(None) };
        let is_it = |entry: &LogEntry| {
            entry.seq.is_some() && entry.prompt_id == Some(prompt_id) && entry.kind == kind
        };
        let before = log
            .entries
            .iter()
            .position(is_it)
            .and_then(|at| at.checked_sub(1));
        Ok(before
            .map(|at| log.entries[at].clone())
            .filter(|entry| entry.seq.is_none()))
    }

    async fn head(&self, id: SessionId) -> Result<Option<u64>, StoreError> {
        Ok(lock(&self.0).get(&id).map(Log::head))
    }

    async fn recall(
        &self,
        id: SessionId,
        scope: &str,
        key: &str,
        fingerprint: &[u8; 32],
        now: Timestamp,
    ) -> Result<Written, StoreError> {
        let logs = lock(&self.0);
        let known = logs
            .get(&id)
            .and_then(|log| log.keys.recall(scope, key, fingerprint, now));
        Ok(known.unwrap_or(Written::Done))
    }

    async fn release(&self, id: SessionId, epoch: u64) -> Result<(), StoreError> {
        if let Some(log) = lock(&self.0).get_mut(&id)
            && log.epoch == epoch
        {
            log.owned = false;
        }
        Ok(())
    }

    async fn delete(&self, id: SessionId) -> Result<(), StoreError> {
        lock(&self.0).remove(&id);
        Ok(())
    }
}
