//! The room that is left for what the server keeps.

use async_trait::async_trait;

/// Tells how much may still be written where the server keeps everything.
#[async_trait]
pub trait FreeSpace: Send + Sync {
    /// Bytes; `None` where nobody can say.
    async fn free_bytes(&self) -> Option<u64>;
}
