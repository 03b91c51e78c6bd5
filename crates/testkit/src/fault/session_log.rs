//! Faults of the session log.

use async_trait::async_trait;
use ports::{
    SessionLog, StoreError,
    idempotency::Written,
    session_log::{Acquired, Commit, LogEntry},
};
use protocol::{PromptId, SessionId, Timestamp};

use super::{Fault, strike, unavailable, unknown};

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "create_full",
        injects: "no room for a new log",
        outcome: "creating a session fails with a stated cause; its reservation is not left owing",
    },
    Fault {
        name: "acquire_unavailable",
        injects: "the log cannot be opened now",
        outcome: "the request fails as unavailable and may be repeated; nothing is lost",
    },
    Fault {
        name: "acquire_full",
        injects: "no room to become the owner",
        outcome: "reads answer from what is stored; what would change something fails with a stated cause",
    },
    Fault {
        name: "acquire_corrupt",
        injects: "the log cannot be read",
        outcome: "the session says that its log is damaged; other sessions go on",
    },
    Fault {
        name: "append_full",
        injects: "the disk is full; nothing of the commit is kept",
        outcome: "nothing of the commit leaves the process; the request fails with a stated cause; the next one works",
    },
    Fault {
        name: "append_unavailable",
        injects: "the write did not happen and may be tried again",
        outcome: "tried again or failed with a stated cause; nothing of the commit leaves the process",
    },
    Fault {
        name: "append_unknown_written",
        injects: "the commit is on disk but its answer is lost",
        outcome: "the log is read again; the commit's effects run once; no output before that",
    },
    Fault {
        name: "append_unknown_lost",
        injects: "neither the commit nor its answer arrived",
        outcome: "the log is read again; the commit is not assumed; the request is failed or repeated",
    },
    Fault {
        name: "append_fenced",
        injects: "another owner took over in between",
        outcome: "the actor ends without output; the next request finds the owner",
    },
    Fault {
        name: "append_invalid",
        injects: "the commit is refused because it does not continue the log",
        outcome: "the owner leaves without output; the next request wakes one that reads the log anew",
    },
    Fault {
        name: "read_unavailable",
        injects: "readers get no answer",
        outcome: "the stream ends in a way that lets the client resume by cursor; no gap",
    },
    Fault {
        name: "recall_unavailable",
        injects: "idempotency keys cannot be looked up",
        outcome: "the mutation fails as unavailable instead of running twice",
    },
    Fault {
        name: "release_unavailable",
        injects: "giving back the ownership fails",
        outcome: "the session can be acquired again",
    },
    Fault {
        name: "delete_unavailable",
        injects: "the log cannot be removed now",
        outcome: "the deletion stays owed and is done later",
    },
];

super::decorator!("session_log", ports::SessionLog);

#[async_trait]
impl SessionLog for Faulty {
    async fn create(&self, id: SessionId) -> Result<(), StoreError> {
        strike!(self, "create_full", StoreError::Full);
        self.inner.create(id).await
    }

    async fn acquire(&self, id: SessionId) -> Result<Option<Acquired>, StoreError> {
        strike!(self, "acquire_unavailable", unavailable());
        strike!(self, "acquire_full", StoreError::Full);
        strike!(self, "acquire_corrupt", StoreError::Corrupt("injected".into()));
        self.inner.acquire(id).await
    }

    async fn peek(&self, id: SessionId) -> Result<Option<Acquired>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.peek(id).await
    }

    async fn append(
        &self,
        id: SessionId,
        epoch: u64,
        expected: u64,
        commit: Commit,
    ) -> Result<(), StoreError> {
        strike!(self, "append_full", StoreError::Full);
        strike!(self, "append_unavailable", unavailable());
        strike!(self, "append_unknown_lost", unknown());
        strike!(self, "append_invalid", StoreError::Invalid("injected".into()));
        if self.faults.strikes("append_fenced") {
            self.inner.acquire(id).await?;
        }
        self.inner.append(id, epoch, expected, commit).await?;
        strike!(self, "append_unknown_written", unknown());
        Ok(())
    }

    async fn read(
        &self,
        id: SessionId,
        after: u64,
        limit: usize,
    ) -> Result<Option<Vec<LogEntry>>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.read(id, after, limit).await
    }

    async fn facts(
        &self,
        id: SessionId,
        after: u64,
        limit: usize,
    ) -> Result<Option<Vec<LogEntry>>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.facts(id, after, limit).await
    }

    async fn private_before(
        &self,
        id: SessionId,
        prompt_id: PromptId,
        kind: &str,
    ) -> Result<Option<LogEntry>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.private_before(id, prompt_id, kind).await
    }

    async fn head(&self, id: SessionId) -> Result<Option<u64>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.head(id).await
    }

    async fn recall(
        &self,
        id: SessionId,
        scope: &str,
        key: &str,
        fingerprint: &[u8; 32],
        now: Timestamp,
    ) -> Result<Written, StoreError> {
        strike!(self, "recall_unavailable", unavailable());
        self.inner.recall(id, scope, key, fingerprint, now).await
    }

    async fn release(&self, id: SessionId, epoch: u64) -> Result<(), StoreError> {
        strike!(self, "release_unavailable", unavailable());
        self.inner.release(id, epoch).await
    }

    async fn delete(&self, id: SessionId) -> Result<(), StoreError> {
        strike!(self, "delete_unavailable", unavailable());
        self.inner.delete(id).await
    }
}
