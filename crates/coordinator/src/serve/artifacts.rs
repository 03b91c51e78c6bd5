//! The store of artifacts that the settings name.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use artifacts::{DirectoryArtifacts, S3Artifacts};
use ports::ArtifactStore;

use crate::config::ArtifactPlace;

/// Opens it. A bucket is not asked anything yet: a server without its bucket still serves everything else.
pub(crate) fn open(place: &ArtifactPlace) -> Result<Arc<dyn ArtifactStore>> {
    Ok(match place {
        ArtifactPlace::Directory(path) => Arc::new(
            DirectoryArtifacts::open(path).with_context(|| format!("the artifacts in {}", path.display()))?,
        ),
        ArtifactPlace::S3(settings) => Arc::new(S3Artifacts::new(settings)?),
    })
}
