//! Where artifacts go, and whether they can.

use std::time::Duration;

use nix::unistd::{AccessFlags, access};

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
            let tried = match serve::open_artifacts(place) {
                Ok(store) => match tokio::time::timeout(PATIENCE, store.check()).await {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => Err(error.to_string()),
                    Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
                },
                Err(error) => Err(format!("{error:#}")),
            };
            match tried {
                Ok(()) => Finding::ok(CHECK, format!("{shown}, writable")),
                Err(why) => Finding::fail(
                    CHECK,
                    format!("{shown}: {why}"),
                    "correct the storage.s3_* settings, or let the credentials put, get, list and delete in the bucket",
                ),
            }
        }
    }
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
