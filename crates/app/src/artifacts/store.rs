//! Bytes into the store, with patience for both ends and for no longer.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::session::Refusal;
use futures::StreamExt;
use ports::artifacts::{ArtifactKey, ArtifactSource, PutError, SourceBroke, Stored};
use protocol::ProblemCode;

use crate::{App, AppError};

/// Neither the sender nor the store may pause for longer.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Nor may all of it take longer: who sends drop by drop holds a place.
const LONGEST: Duration = Duration::from_secs(3600);

impl App {
    /// Stores an artifact's bytes. Nothing of them is there when this fails, or it is collected later.
    pub(super) async fn store_artifact(
        &self,
        key: ArtifactKey,
        bytes: ArtifactSource,
        limit: u64,
    ) -> Result<Stored, AppError> {
        let moved = Arc::new(AtomicU64::new(0));
        let counted = counted(bytes, Arc::clone(&moved));
        let put = self.ports().artifacts.put(key, counted, limit);
        let stored = tokio::select! {
            stored = tokio::time::timeout(LONGEST, put) => stored.map_err(|_| too_slow())?,
            () = stall(&moved) => return Err(too_slow()),
        };
        match stored {
            Ok(stored) => {
                self.artifact_tally().stored(stored.size_bytes);
                Ok(stored)
            }
            Err(PutError::TooLarge { limit }) => Err(self.too_large(limit)),
            Err(PutError::Source(broke)) => Err(AppError::new(
                ProblemCode::InvalidRequest,
                "The body broke off, or took too long to arrive.",
            )
            .cause(broke)),
            Err(PutError::Store(error)) => {
                if matches!(error, ports::StoreError::Unknown(_)) {
                    self.drop_artifact(key).await;
                }
                Err(error.into())
            }
        }
    }

    /// `limit` is what one may have, or the rest of what all may have together.
    fn too_large(&self, limit: u64) -> AppError {
        let limits = self.sessions().artifact_limits();
        let refusal = if limit < limits.each_bytes {
            Refusal::ArtifactsTooLarge {
                limit: limits.session_bytes,
            }
        } else {
            Refusal::ArtifactTooLarge { limit }
        };
        ::sessions::SessionError::from(refusal).into()
    }

    /// Removes bytes that no event speaks of. What cannot be removed now is collected later.
    pub(super) async fn drop_artifact(&self, key: ArtifactKey) {
        if let Err(error) = self.ports().artifacts.delete(key).await {
            tracing::warn!(session.id = %key.session, artifact.id = %key.artifact, %error, "an artifact's bytes are left to be collected");
        }
    }
}

fn too_slow() -> AppError {
    AppError::unavailable("Storing the artifact took too long; nothing of it was kept. Try again.")
}

/// The source, which breaks when nothing comes for too long; `moved` counts what it yields.
fn counted(source: ArtifactSource, moved: Arc<AtomicU64>) -> ArtifactSource {
    futures::stream::unfold(Some(source), move |source| {
        let moved = Arc::clone(&moved);
        async move {
            let mut source = source?;
            let next = tokio::time::timeout(LONGEST_PAUSE, source.next()).await;
            moved.fetch_add(1, Ordering::Relaxed);
            match next {
                Ok(Some(Ok(bytes))) => Some((Ok(bytes), Some(source))),
                Ok(Some(Err(broke))) => Some((Err(broke), None)),
                Ok(None) => None,
                Err(_) => Some((Err(SourceBroke("nothing came for too long".into())), None)),
            }
        }
    })
    .boxed()
}

/// Ends when nothing has moved for as long as both ends together may pause.
async fn stall(moved: &AtomicU64) {
    let mut before = moved.load(Ordering::Relaxed);
    loop {
        tokio::time::sleep(LONGEST_PAUSE * 2).await;
        let now = moved.load(Ordering::Relaxed);
        if now == before {
            return;
        }
        before = now;
    }
}
