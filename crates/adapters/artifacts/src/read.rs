//! Bytes on their way out: exactly as many as were asked for, or an error.

use std::ops::Range;

use futures::{StreamExt, stream};
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, path::Path};
use ports::{StoreError, artifacts::ArtifactBytes};

use crate::failure::{is_absent, meaning};

/// The bytes at `range` of what is at `place`.
pub(crate) async fn read(
    store: &dyn ObjectStore,
    place: &Path,
    range: Range<u64>,
) -> Result<Option<ArtifactBytes>, StoreError> {
    // No request asks for no bytes.
    if range.is_empty() {
        return match store.head(place).await {
            Ok(meta) if meta.size >= range.end => Ok(Some(stream::empty().boxed())),
            Ok(_) => Err(short()),
            Err(failure) if is_absent(&failure) => Ok(None),
            Err(failure) => Err(meaning(failure)),
        };
    }
    let options = GetOptions {
        range: Some(GetRange::Bounded(range.clone())),
        ..GetOptions::default()
    };
    let found = match store.get_opts(place, options).await {
        Ok(found) => found,
        Err(failure) if is_absent(&failure) => return Ok(None),
        Err(failure) => {
            // A range that lies beyond the end is refused in each store's own words.
            return match store.head(place).await {
                Ok(meta) if meta.size < range.end => Err(short()),
                _ => Err(meaning(failure)),
            };
        }
    };
    if found.meta.size < range.end || found.range != range {
        return Err(short());
    }
    let wanted = range.end - range.start;
    let pieces = found.into_stream();
    let exact = stream::unfold((pieces, wanted), |(mut pieces, left)| async move {
        if left == 0 {
            return None;
        }
        let ended = |item| Some((item, (stream::empty().boxed(), 0)));
        match pieces.next().await {
            Some(Ok(piece)) if piece.is_empty() || piece.len() as u64 > left => ended(Err(short())),
            Some(Ok(piece)) => {
                let left = left - piece.len() as u64;
                Some((Ok(piece), (pieces, left)))
            }
            Some(Err(failure)) => ended(Err(meaning(failure))),
            None => ended(Err(short())),
        }
    });
    Ok(Some(exact.boxed()))
}

fn short() -> StoreError {
    StoreError::Corrupt("an artifact is shorter in the store than it was when it was stored".into())
}
