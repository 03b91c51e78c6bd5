//! A contract that cannot fail proves nothing: adapters with one thing wrong have to be found out.

use std::{panic::AssertUnwindSafe, sync::Arc};

use async_trait::async_trait;
use domain::sealed::{Binding, Sealed};
use futures::FutureExt;
use ports::{
    MasterKey, SessionLog, StoreError,
    idempotency::Written,
    master_key::{KeyError, KeyStanding},
    session_log::{Acquired, Commit, LogEntry},
};
use protocol::{PromptId, SessionId, Timestamp};
use secrecy::SecretString;
use testkit::{
    contract,
    fake::{MemorySessionLog, ToyMasterKey},
};

/// What is wrong with a log.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Wrong {
    /// An older owner is told that its write happened.
    SaysDoneWhenFenced,
    /// The last fact of a commit is not kept.
    LosesTheLastFact,
    /// The cursor is not looked at.
    ReadsFromTheStart,
    ForgetsKeys,
    KeepsDeleted,
}

struct WrongLog(MemorySessionLog, Wrong);

#[async_trait]
impl SessionLog for WrongLog {
    async fn create(&self, id: SessionId) -> Result<(), StoreError> {
        self.0.create(id).await
    }

    async fn acquire(&self, id: SessionId) -> Result<Option<Acquired>, StoreError> {
        self.0.acquire(id).await
    }

    async fn peek(&self, id: SessionId) -> Result<Option<Acquired>, StoreError> {
        self.0.peek(id).await
    }

    async fn append(
        &self,
        id: SessionId,
        epoch: u64,
        expected: u64,
        mut commit: Commit,
    ) -> Result<(), StoreError> {
        match self.1 {
            Wrong::LosesTheLastFact if commit.entries.len() > 1 => drop(commit.entries.pop()),
            Wrong::ForgetsKeys => commit.idempotency.clear(),
            _ => {}
        }
        match self.0.append(id, epoch, expected, commit).await {
            Err(StoreError::Fenced) if self.1 == Wrong::SaysDoneWhenFenced => Ok(()),
            result => result,
        }
    }

    async fn read(
        &self,
        id: SessionId,
        after: u64,
        limit: usize,
    ) -> Result<Option<Vec<LogEntry>>, StoreError> {
        let after = if self.1 == Wrong::ReadsFromTheStart {
            0
        } else {
            after
        };
        self.0.read(id, after, limit).await
    }

    async fn facts(
        &self,
        id: SessionId,
        after: u64,
        limit: usize,
    ) -> Result<Option<Vec<LogEntry>>, StoreError> {
        SessionLog::facts(&self.0, id, after, limit).await
    }

    async fn private_before(
        &self,
        id: SessionId,
        prompt_id: PromptId,
        kind: &str,
    ) -> Result<Option<LogEntry>, StoreError> {
        self.0.private_before(id, prompt_id, kind).await
    }

    async fn head(&self, id: SessionId) -> Result<Option<u64>, StoreError> {
        self.0.head(id).await
    }

    async fn recall(
        &self,
        id: SessionId,
        scope: &str,
        key: &str,
        fingerprint: &[u8; 32],
        now: Timestamp,
    ) -> Result<Written, StoreError> {
        self.0.recall(id, scope, key, fingerprint, now).await
    }

    async fn release(&self, id: SessionId, epoch: u64) -> Result<(), StoreError> {
        self.0.release(id, epoch).await
    }

    async fn delete(&self, id: SessionId) -> Result<(), StoreError> {
        if self.1 == Wrong::KeepsDeleted {
            Ok(())
        } else {
            self.0.delete(id).await
        }
    }
}

/// Opens whatever organisation asks.
#[derive(Default)]
struct SharedKey(ToyMasterKey);

fn without_org(binding: &Binding) -> Binding {
    Binding {
        org: protocol::OrgId::from_bits(0),
        ..binding.clone()
    }
}

#[async_trait]
impl MasterKey for SharedKey {
    async fn seal(&self, binding: &Binding, secret: &SecretString) -> Result<Sealed, KeyError> {
        self.0.seal(&without_org(binding), secret).await
    }

    async fn open(&self, binding: &Binding, sealed: &Sealed) -> Result<SecretString, KeyError> {
        self.0.open(&without_org(binding), sealed).await
    }

    async fn shred(&self, org: protocol::OrgId) -> Result<(), KeyError> {
        self.0.shred(org).await
    }

    async fn rewrap(&self, most: usize) -> Result<usize, KeyError> {
        self.0.rewrap(most).await
    }

    async fn standing(&self) -> Result<KeyStanding, KeyError> {
        self.0.standing().await
    }

    fn key_id(&self) -> String {
        self.0.key_id()
    }
}

#[tokio::test]
async fn a_log_with_one_thing_wrong_is_found_out() {
    let wrongs = [
        Wrong::SaysDoneWhenFenced,
        Wrong::LosesTheLastFact,
        Wrong::ReadsFromTheStart,
        Wrong::ForgetsKeys,
        Wrong::KeepsDeleted,
    ];
    for wrong in wrongs {
        let suite = contract::session_log::run("control", || {
            Arc::new(WrongLog(MemorySessionLog::default(), wrong))
        });
        assert!(
            AssertUnwindSafe(suite).catch_unwind().await.is_err(),
            "{wrong:?} passes"
        );
    }
}

#[tokio::test]
async fn a_key_that_opens_for_another_organisation_is_found_out() {
    let suite = contract::master_key::run("control", || Arc::new(SharedKey::default()));
    assert!(AssertUnwindSafe(suite).catch_unwind().await.is_err());
}
