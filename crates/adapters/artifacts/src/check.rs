//! Finding out by trying whether a store takes something.

use bytes::Bytes;
use object_store::{ObjectStore, ObjectStoreExt, path::Path};
use ports::StoreError;

use crate::failure::meaning;

/// Stores a few bytes and removes them again.
pub(crate) async fn check(store: &dyn ObjectStore, place: &Path) -> Result<(), StoreError> {
    store
        .put(
            place,
            Bytes::from_static(b"written to find out whether it can be").into(),
        )
        .await
        .map_err(meaning)?;
    store.delete(place).await.map_err(meaning)
}
