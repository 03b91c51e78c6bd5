//! Gives an artifact back: what it is, then its bytes, which are held against their hash.

use std::ops::Range;

use bytes::Bytes;
use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use futures::{StreamExt, stream};
use ports::{
    StoreError,
    artifacts::{ArtifactBytes, ArtifactKey},
};
use protocol::{ArtifactId, api::Artifact};
use sha2::{Digest, Sha256};

use super::store::LONGEST_PAUSE;
use crate::{App, AppError, WorkStream, sessions::OwnSession};

impl App {
    /// # Errors
    /// When policy does not allow it, or the session has no such artifact.
    pub async fn artifact(
        &self,
        actor: &Actor,
        own: &OwnSession,
        id: ArtifactId,
    ) -> Result<Artifact, AppError> {
        authorise(actor, Action::ReadSessions)?;
        self.known_artifact(own.id(), id).await
    }

    /// The bytes at `range` of an artifact that the session has. All of them are checked against the hash: when it is
    /// wrong, the last piece never comes.
    ///
    /// # Errors
    /// When policy does not allow it, or the store does not have them.
    pub async fn artifact_content(
        &self,
        actor: &Actor,
        own: &OwnSession,
        artifact: &Artifact,
        range: Range<u64>,
    ) -> Result<WorkStream, AppError> {
        authorise(actor, Action::ReadSessions)?;
        let key = ArtifactKey {
            org: own.org(),
            session: own.id(),
            artifact: artifact.id,
        };
        let get = self.ports().artifacts.get(key, range.clone());
        let bytes = tokio::time::timeout(LONGEST_PAUSE, get)
            .await
            .map_err(|_| AppError::unavailable("The artifact store takes too long to answer. Try again."))??
            .ok_or_else(|| AppError::internal(Lost(artifact.id)))?;
        let whole = range == (0..artifact.size_bytes);
        let check = Check {
            bytes,
            left: range.end - range.start,
            hash: whole.then(|| (Sha256::new(), artifact.sha256.clone())),
            held: None,
            ended: false,
        };
        Ok(WorkStream::new(
            checked(check).map(|piece| piece.map_err(AppError::from)),
        ))
    }
}

/// The log speaks of it, and the store does not have it.
#[derive(Debug, thiserror::Error)]
#[error("the bytes of {0} are not in the artifact store")]
struct Lost(ArtifactId);

struct Check {
    bytes: ArtifactBytes,
    left: u64,
    hash: Option<(Sha256, String)>,
    /// One piece is held back, so that the last one comes only when all is well.
    held: Option<Bytes>,
    ended: bool,
}

fn checked(check: Check) -> impl futures::Stream<Item = Result<Bytes, StoreError>> + Send + 'static {
    stream::unfold(check, |mut check| async move {
        if check.ended {
            return None;
        }
        loop {
            match check.next().await {
                Ok(Some(piece)) => {
                    if let Some(ready) = check.held.replace(piece) {
                        return Some((Ok(ready), check));
                    }
                }
                Ok(None) => {
                    check.ended = true;
                    let last = check.held.take()?;
                    return Some((Ok(last), check));
                }
                Err(error) => {
                    check.ended = true;
                    return Some((Err(error), check));
                }
            }
        }
    })
}

impl Check {
    /// The next piece; at the end, whether all was as it should be.
    async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        let next = tokio::time::timeout(LONGEST_PAUSE, self.bytes.next()).await;
        let next = next.map_err(|_| StoreError::Unavailable("the bytes stopped coming".into()))?;
        let Some(piece) = next.transpose()? else {
            if self.left > 0 {
                return Err(StoreError::Corrupt("the bytes ended early".into()));
            }
            let differs = self
                .hash
                .take()
                .is_some_and(|(hash, expected)| data_encoding::HEXLOWER.encode(&hash.finalize()) != expected);
            if differs {
                return Err(StoreError::Corrupt(
                    "the bytes are not those that were stored".into(),
                ));
            }
            return Ok(None);
        };
        self.left = self
            .left
            .checked_sub(piece.len() as u64)
            .ok_or_else(|| StoreError::Corrupt("more bytes than were asked for".into()))?;
        if let Some((hash, _)) = &mut self.hash {
            hash.update(&piece);
        }
        Ok(Some(piece))
    }
}
