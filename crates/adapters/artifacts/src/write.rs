//! Bytes on their way in: counted, hashed, and cut into parts for the store.

use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, path::Path};
use ports::artifacts::{ArtifactSource, PutError, Stored};
use sha2::{Digest, Sha256};

use crate::failure::meaning;

/// Stores what `source` yields at `place`: in one request when it fits into one part, else in parts. What was begun
/// and does not end well is aborted.
pub(crate) async fn store(
    store: &dyn ObjectStore,
    place: &Path,
    source: ArtifactSource,
    limit: u64,
    part_bytes: usize,
) -> Result<Stored, PutError> {
    let mut source = Measured::new(source, limit, part_bytes);
    let (first, last) = source.part().await?;
    if last {
        store.put(place, first.into()).await.map_err(meaning)?;
        return Ok(source.stored());
    }
    let mut upload = Upload(Some(store.put_multipart(place).await.map_err(meaning)?));
    match upload.parts(first, &mut source).await {
        Ok(()) => Ok(source.stored()),
        Err(error) => {
            upload.abort().await;
            Err(error)
        }
    }
}

/// An upload in parts. Whoever asked for it may go away at any moment: it is aborted all the same.
struct Upload(Option<Box<dyn MultipartUpload>>);

impl Upload {
    async fn abort(&mut self) {
        if let Some(upload) = self.0.take() {
            abort(upload).await;
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let (Some(upload), Ok(runtime)) = (self.0.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(abort(upload));
        }
    }
}

async fn abort(mut upload: Box<dyn MultipartUpload>) {
    if let Err(failure) = upload.abort().await {
        tracing::warn!(error = %meaning(failure), "an upload that failed could not be aborted");
    }
}

impl Upload {
    async fn parts(&mut self, first: Bytes, source: &mut Measured) -> Result<(), PutError> {
        let Some(upload) = self.0.as_mut() else {
            return Ok(());
        };
        upload.put_part(first.into()).await.map_err(meaning)?;
        loop {
            let (part, last) = source.part().await?;
            if !part.is_empty() {
                upload.put_part(part.into()).await.map_err(meaning)?;
            }
            if last {
                upload.complete().await.map_err(meaning)?;
                // It is whole: there is nothing to abort any more.
                self.0 = None;
                return Ok(());
            }
        }
    }
}

/// A source that is measured while it is read, part by part.
struct Measured {
    source: ArtifactSource,
    limit: u64,
    part_bytes: usize,
    held: BytesMut,
    size_bytes: u64,
    hash: Sha256,
}

impl Measured {
    fn new(source: ArtifactSource, limit: u64, part_bytes: usize) -> Self {
        Self {
            source,
            limit,
            part_bytes,
            held: BytesMut::new(),
            size_bytes: 0,
            hash: Sha256::new(),
        }
    }

    /// The next part, full unless it is the last one.
    async fn part(&mut self) -> Result<(Bytes, bool), PutError> {
        while self.held.len() < self.part_bytes {
            let Some(piece) = self.source.next().await else {
                return Ok((self.held.split().freeze(), true));
            };
            let piece = piece?;
            self.size_bytes += piece.len() as u64;
            if self.size_bytes > self.limit {
                return Err(PutError::TooLarge { limit: self.limit });
            }
            self.hash.update(&piece);
            self.held.extend_from_slice(&piece);
        }
        Ok((self.held.split_to(self.part_bytes).freeze(), false))
    }

    fn stored(self) -> Stored {
        Stored {
            size_bytes: self.size_bytes,
            sha256: self.hash.finalize().into(),
        }
    }
}
