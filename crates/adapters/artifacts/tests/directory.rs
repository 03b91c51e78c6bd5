//! The contract on a directory, and what a directory has to do beyond it.

#![expect(
    clippy::unwrap_used,
    reason = "what a test expects and does not get is a panic"
)]

use std::{fs, os::unix::fs::PermissionsExt, path::Path, sync::Arc};

use artifacts::DirectoryArtifacts;
use ports::ArtifactStore;
use testkit::contract::artifacts::{key, pattern, source};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contract() {
    let base = tempfile::tempdir().unwrap();
    let count = std::sync::atomic::AtomicU32::new(0);
    testkit::contract::artifacts::run("directory", || {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let store: Arc<dyn ArtifactStore> =
            Arc::new(DirectoryArtifacts::open(&base.path().join(number.to_string())).unwrap());
        store
    })
    .await;
}

fn walk(directory: &Path, found: &mut Vec<(String, u32)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o7777;
        found.push((entry.path().display().to_string(), mode));
        if entry.file_type().unwrap().is_dir() {
            walk(&entry.path(), found);
        }
    }
}

#[tokio::test]
async fn nobody_else_may_look() {
    let base = tempfile::tempdir().unwrap();
    let root = base.path().join("artifacts");
    fs::create_dir(&root).unwrap();
    fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).unwrap();
    let store = DirectoryArtifacts::open(&root).unwrap();
    let bytes = pattern(3_000_000);
    store.put(key(1, 1, 1), source(&bytes), u64::MAX).await.unwrap();
    let mut found = vec![(
        "root".to_owned(),
        fs::metadata(&root).unwrap().permissions().mode() & 0o7777,
    )];
    walk(&root, &mut found);
    for (path, mode) in found {
        assert_eq!(mode & 0o077, 0, "{path} has mode {mode:o}");
    }
}

#[tokio::test]
async fn what_a_crash_left_goes_at_the_next_start() {
    let base = tempfile::tempdir().unwrap();
    let store = DirectoryArtifacts::open(base.path()).unwrap();
    store.put(key(1, 1, 1), source(&pattern(10)), 10).await.unwrap();
    fs::write(base.path().join("incoming/7#1"), "half of it").unwrap();
    fs::write(base.path().join("incoming/8"), "all of it, not moved").unwrap();
    let again = DirectoryArtifacts::open(base.path()).unwrap();
    assert_eq!(fs::read_dir(base.path().join("incoming")).unwrap().count(), 0);
    assert_eq!(again.keys(None, 10).await.unwrap(), vec![key(1, 1, 1)]);
}
