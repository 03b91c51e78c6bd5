//! Where the wrapped data keys of organisations are kept. Only the master key's adapter asks: it is a part of that port
//! and not one that the rooms inside see.

use async_trait::async_trait;
use domain::sealed::{KeptKey, WrappedKey};
use protocol::OrgId;

use crate::StoreError;

/// Keeps one wrapped key for each organisation, apart from everything that is sealed under it.
#[async_trait]
pub trait OrganisationKeys: Send + Sync {
    async fn lookup(&self, org: OrgId) -> Result<KeptKey, StoreError>;

    /// Keeps the key if there never was one; answers what is kept now, durable.
    async fn ensure(&self, key: WrappedKey) -> Result<KeptKey, StoreError>;

    /// Replaces `old` by `new`, of the same organisation, if `old` is what is kept; says whether it was.
    async fn replace(&self, old: WrappedKey, new: WrappedKey) -> Result<bool, StoreError>;

    /// Destroys the key for good: the store keeps no trace of it, also not in pages that are free now or in a log.
    /// Repeating it does the same again.
    async fn shred(&self, org: OrgId) -> Result<(), StoreError>;

    /// Up to `most` keys that are not wrapped under the master key of this name.
    async fn wrapped_by_others(&self, key_id: &str, most: usize) -> Result<Vec<WrappedKey>, StoreError>;

    /// How many those are.
    async fn count_wrapped_by_others(&self, key_id: &str) -> Result<u64, StoreError>;
}
