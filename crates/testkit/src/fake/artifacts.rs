//! Artifacts, in memory.

use std::{collections::BTreeMap, ops::Range, sync::Mutex};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::{StreamExt, stream};
use ports::{
    ArtifactStore, StoreError,
    artifacts::{ArtifactBytes, ArtifactKey, ArtifactSource, PutError, Stored},
};
use protocol::{ArtifactId, OrgId, SessionId};
use sha2::{Digest, Sha256};

use super::lock;

/// The fake of this port.
pub type Fake = MemoryArtifacts;

/// Largest piece that comes out at a time; small, so that a reader sees more than one.
const PIECE: usize = 64 * 1024;

/// Keeps bytes by key.
#[derive(Debug, Default)]
pub struct MemoryArtifacts(Mutex<BTreeMap<ArtifactKey, Bytes>>);

impl MemoryArtifacts {
    /// What is there, in the order of the keys.
    #[must_use]
    pub fn all(&self) -> Vec<(ArtifactKey, Bytes)> {
        lock(&self.0)
            .iter()
            .map(|(key, bytes)| (*key, bytes.clone()))
            .collect()
    }

    /// Puts bytes where no event speaks of them, as a crash would leave them.
    pub fn plant(&self, key: ArtifactKey, bytes: impl Into<Bytes>) {
        lock(&self.0).insert(key, bytes.into());
    }
}

fn of_session(org: OrgId, session: SessionId) -> std::ops::RangeInclusive<ArtifactKey> {
    let key = |bits| ArtifactKey {
        org,
        session,
        artifact: ArtifactId::from_bits(bits),
    };
    key(0)..=key(u128::MAX)
}

#[async_trait]
impl ArtifactStore for MemoryArtifacts {
    fn name(&self) -> &'static str {
        "memory"
    }

    async fn put(&self, key: ArtifactKey, mut bytes: ArtifactSource, limit: u64) -> Result<Stored, PutError> {
        let mut all = BytesMut::new();
        while let Some(piece) = bytes.next().await {
            let piece = piece?;
            if (all.len() + piece.len()) as u64 > limit {
                return Err(PutError::TooLarge { limit });
            }
            all.extend_from_slice(&piece);
        }
        let all = all.freeze();
        let stored = Stored {
            size_bytes: all.len() as u64,
            sha256: Sha256::digest(&all).into(),
        };
        lock(&self.0).insert(key, all);
        Ok(stored)
    }

    async fn get(&self, key: ArtifactKey, range: Range<u64>) -> Result<Option<ArtifactBytes>, StoreError> {
        let Some(all) = lock(&self.0).get(&key).cloned() else {
            return Ok(None);
        };
        if range.end > all.len() as u64 || range.start > range.end {
            return Err(StoreError::Corrupt("shorter than what was asked for".into()));
        }
        let mut rest = all.slice(range.start as usize..range.end as usize);
        let mut pieces = Vec::new();
        while !rest.is_empty() {
            pieces.push(Ok(rest.split_to(rest.len().min(PIECE))));
        }
        Ok(Some(stream::iter(pieces).boxed()))
    }

    async fn delete(&self, key: ArtifactKey) -> Result<(), StoreError> {
        lock(&self.0).remove(&key);
        Ok(())
    }

    async fn delete_session(&self, org: OrgId, session: SessionId) -> Result<(), StoreError> {
        let range = of_session(org, session);
        lock(&self.0).retain(|key, _| !range.contains(key));
        Ok(())
    }

    async fn keys(&self, after: Option<ArtifactKey>, limit: usize) -> Result<Vec<ArtifactKey>, StoreError> {
        let all = lock(&self.0);
        let wanted = all.keys().filter(|key| after.is_none_or(|after| **key > after));
        Ok(wanted.take(limit).copied().collect())
    }

    async fn check(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
