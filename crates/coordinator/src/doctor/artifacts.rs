//! Where artifacts go, and whether they can.

use std::time::Duration;

use nix::unistd::{AccessFlags, access};
use ports::ArtifactStore;

use super::finding::Finding;
use crate::{
    config::{ArtifactPlace, Config},
    serve,
};

const CHECK: &str = "artifact_store";
const PATIENCE: Duration = Duration::from_secs(20);

/// A directory is only looked at. A bucket says whether it takes something when it is given something: a few bytes
/// that are removed again.
pub(super) async fn examine(config: &Config) -> Finding {
    match &config.storage.artifacts {
        ArtifactPlace::Directory(path) => directory(path),
        place @ ArtifactPlace::S3(settings) => {
            let at = settings
                .endpoint
                .as_ref()
                .map_or_else(|| format!("Amazon, {}", settings.region), |url| url.to_string());
            let shown = format!("s3: bucket {} at {at}", settings.bucket);
            match serve::open_artifacts(place) {
                Ok(store) => tried(store.as_ref(), &shown).await,
                Err(error) => refused(&shown, &format!("{error:#}")),
            }
        }
    }
}

async fn tried(store: &dyn ArtifactStore, shown: &str) -> Finding {
    match tokio::time::timeout(PATIENCE, store.check()).await {
        Ok(Ok(())) => Finding::ok(CHECK, format!("{shown}, writable")),
        Ok(Err(error)) => refused(shown, &error.to_string()),
        Err(_) => refused(shown, &format!("no answer within {} s", PATIENCE.as_secs())),
    }
}

fn refused(shown: &str, why: &str) -> Finding {
    Finding::fail(
        CHECK,
        format!("{shown}: {why}"),
        "correct the storage.s3_* settings, or let the credentials put, get, list and delete in the bucket",
    )
}

fn directory(path: &std::path::Path) -> Finding {
    let shown = path.display();
    let Some(existing) = path.ancestors().find(|ancestor| ancestor.exists()) else {
        return Finding::fail(
            CHECK,
            format!("{shown} does not exist"),
            "give another storage.artifact_store",
        );
    };
    if access(existing, AccessFlags::W_OK | AccessFlags::X_OK).is_err() {
        return Finding::fail(
            CHECK,
            format!("directory {shown}: {} is not writable", existing.display()),
            "give it to the user of the server, or give another storage.artifact_store",
        );
    }
    let state = if existing == path {
        "writable"
    } else {
        "not there yet; the server makes it"
    };
    Finding::ok(CHECK, format!("directory {shown}, {state}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use testkit::{fake::MemoryArtifacts, fault::artifacts::Faulty};

    use super::{super::finding::Status, *};

    #[tokio::test]
    async fn a_store_that_takes_nothing_is_named() {
        let store = Faulty::around(Arc::new(MemoryArtifacts::default()));
        store.faults.inject("check_unavailable", 1);
        let broken = tried(store.as_ref(), "s3: bucket files").await;
        assert_eq!(broken.status, Status::Fail);
        assert!(broken.detail.contains("bucket files") && broken.remedy.is_some());
        assert_eq!(tried(store.as_ref(), "s3: bucket files").await.status, Status::Ok);
    }

    #[test]
    fn a_directory_is_only_looked_at() {
        let base = tempfile::tempdir().unwrap();
        let there = directory(base.path());
        assert!(there.status == Status::Ok && there.detail.contains("writable"));
        let later = directory(&base.path().join("artifacts"));
        assert!(later.status == Status::Ok && !base.path().join("artifacts").exists());
    }
}
