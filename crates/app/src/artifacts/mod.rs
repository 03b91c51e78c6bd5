//! Artifacts: files that a session leaves behind. Bytes are stored first, then the event is committed; what lies
//! between is collected.

mod add;
mod collect;
mod delete;
mod list;
mod name;
mod offer;
mod read;
mod store;
mod tally;

use ports::artifacts::ArtifactSource;

use crate::IdempotencyKey;

pub use offer::Offered;
pub use tally::ArtifactTally;

/// A file on its way in.
pub struct NewArtifact {
    pub name: String,
    /// As the sender says.
    pub media_type: Option<String>,
    /// Length, if the sender says.
    pub declared: Option<u64>,
    pub bytes: ArtifactSource,
    /// Its fingerprint is that of the request without the body, which is added when it has been read.
    pub key: Option<IdempotencyKey>,
}

impl std::fmt::Debug for NewArtifact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewArtifact")
            .field("declared", &self.declared)
            .finish_non_exhaustive()
    }
}
