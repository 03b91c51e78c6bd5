//! What every store can fail with.

/// A failure of a store. Absence is not a failure: look-ups answer `Option`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full; nothing of this write was kept.
    #[error("the disk is full")]
    Full,
    /// The store does not answer; the write may be tried again. It did not happen.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// Whether the write happened is not known; read before doing anything else.
    #[error("the outcome of the write is not known: {0}")]
    Unknown(String),
    /// Another writer owns this now.
    #[error("fenced off by a newer owner")]
    Fenced,
    /// What was to be written does not fit what is there; nothing of it was kept. The writer is mistaken about it.
    #[error("refused: {0}")]
    Invalid(String),
    /// What is stored cannot be read.
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
}
