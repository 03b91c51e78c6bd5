//! Faults of the artifact store.

use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream};
use ports::{
    ArtifactStore, StoreError,
    artifacts::{ArtifactBytes, ArtifactKey, ArtifactSource, PutError, SourceBroke, Stored},
};
use protocol::{OrgId, SessionId};

use super::{Fault, strike, unavailable, unknown};

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "put_unavailable",
        injects: "the store takes nothing",
        outcome: "the upload fails as unavailable; no event; sent again it works",
    },
    Fault {
        name: "put_full",
        injects: "the store is full",
        outcome: "the upload fails as storage full; no event, nothing kept",
    },
    Fault {
        name: "put_breaks_midway",
        injects: "the store fails after it has taken some of the bytes",
        outcome: "the upload fails as unavailable; no event, and nothing half-written can be seen",
    },
    Fault {
        name: "put_unknown_written",
        injects: "the bytes are stored but the answer is lost",
        outcome: "the upload fails and no event is written; the bytes are removed, at once or by the collection",
    },
    Fault {
        name: "put_hangs",
        injects: "the store stops taking bytes and never answers",
        outcome: "the upload is given up after the longest pause and fails as unavailable; its place is free again",
    },
    Fault {
        name: "get_unavailable",
        injects: "the store gives nothing out",
        outcome: "the download fails as unavailable, never as missing",
    },
    Fault {
        name: "get_lost",
        injects: "the bytes of an artifact are gone from the store",
        outcome: "the download fails with a stated cause; the artifact stays listed",
    },
    Fault {
        name: "get_short",
        injects: "bytes end early, without an error",
        outcome: "the download breaks off with an error; nobody takes a part for the whole",
    },
    Fault {
        name: "get_altered",
        injects: "a byte is another than the one that was stored",
        outcome: "the download breaks off before its last piece, because the hash is wrong",
    },
    Fault {
        name: "get_hangs",
        injects: "bytes stop coming",
        outcome: "the download breaks off after the longest pause",
    },
    Fault {
        name: "delete_unavailable",
        injects: "one artifact's bytes cannot be removed now",
        outcome: "the artifact is gone for everybody; its bytes are collected later",
    },
    Fault {
        name: "delete_session_unavailable",
        injects: "the bytes of a deleted session cannot be removed now",
        outcome: "the removal stays owed and is done later; the session is gone for everybody meanwhile",
    },
    Fault {
        name: "keys_unavailable",
        injects: "what is there cannot be listed",
        outcome: "the collection ends without removing anything and is tried again",
    },
    Fault {
        name: "check_unavailable",
        injects: "nothing can be stored now",
        outcome: "`doctor` says so and names the store",
    },
];

super::decorator!("artifacts", ports::ArtifactStore);

#[async_trait]
impl ArtifactStore for Faulty {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    async fn put(&self, key: ArtifactKey, bytes: ArtifactSource, limit: u64) -> Result<Stored, PutError> {
        strike!(self, "put_unavailable", unavailable().into());
        strike!(self, "put_full", StoreError::Full.into());
        if self.faults.strikes("put_hangs") {
            std::future::pending::<()>().await;
        }
        if self.faults.strikes("put_breaks_midway") {
            let broken = bytes
                .take(1)
                .chain(stream::iter([Err(SourceBroke("injected".into()))]));
            let _ = self.inner.put(key, broken.boxed(), limit).await;
            return Err(unavailable().into());
        }
        let stored = self.inner.put(key, bytes, limit).await?;
        strike!(self, "put_unknown_written", unknown().into());
        Ok(stored)
    }

    async fn get(&self, key: ArtifactKey, range: Range<u64>) -> Result<Option<ArtifactBytes>, StoreError> {
        strike!(self, "get_unavailable", unavailable());
        if self.faults.strikes("get_lost") {
            return Ok(None);
        }
        let Some(bytes) = self.inner.get(key, range).await? else {
            return Ok(None);
        };
        if self.faults.strikes("get_short") {
            let short = bytes.map(|piece| piece.map(|piece| piece.slice(..piece.len().saturating_sub(1))));
            return Ok(Some(short.boxed()));
        }
        if self.faults.strikes("get_altered") {
            return Ok(Some(bytes.map(|piece| piece.map(altered)).boxed()));
        }
        if self.faults.strikes("get_hangs") {
            return Ok(Some(bytes.take(1).chain(stream::pending()).boxed()));
        }
        Ok(Some(bytes))
    }

    async fn delete(&self, key: ArtifactKey) -> Result<(), StoreError> {
        strike!(self, "delete_unavailable", unavailable());
        self.inner.delete(key).await
    }

    async fn delete_session(&self, org: OrgId, session: SessionId) -> Result<(), StoreError> {
        strike!(self, "delete_session_unavailable", unavailable());
        self.inner.delete_session(org, session).await
    }

    async fn keys(&self, after: Option<ArtifactKey>, limit: usize) -> Result<Vec<ArtifactKey>, StoreError> {
        strike!(self, "keys_unavailable", unavailable());
        self.inner.keys(after, limit).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        strike!(self, "check_unavailable", unavailable());
        self.inner.check().await
    }
}

/// With its first byte changed.
fn altered(piece: Bytes) -> Bytes {
    let mut bytes = piece.to_vec();
    if let Some(first) = bytes.first_mut() {
        *first ^= 1;
    }
    bytes.into()
}
