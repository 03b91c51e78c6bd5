//! The contract on a real S3 server: `s3s-fs`, which keeps its objects in a directory, in this process on loopback.

#![expect(
    clippy::unwrap_used,
    reason = "what a test expects and does not get is a panic"
)]

mod server;

use std::sync::{
    Arc,
    atomic::{AtomicU32, AtomicUsize, Ordering},
};

use artifacts::S3Artifacts;
use futures::{StreamExt, stream};
use ports::{
    ArtifactStore, StoreError,
    artifacts::{PutError, SourceBroke},
};
use server::Server;
use testkit::contract::artifacts::{key, pattern, source};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contract() {
    let server = Server::start().await;
    let count = AtomicU32::new(0);
    testkit::contract::artifacts::run("s3", || {
        let bucket = format!("bucket-{}", count.fetch_add(1, Ordering::Relaxed));
        let store: Arc<dyn ArtifactStore> = Arc::new(server.store(&bucket, "team/coordinator"));
        store
    })
    .await;
}

#[tokio::test]
async fn a_bucket_without_a_prefix_may_have_other_things_in_it() {
    let server = Server::start().await;
    let store = server.store("shared", "");
    std::fs::write(server.place().join("shared/notes.txt"), "not ours").unwrap();
    for n in 1..=3 {
        store.put(key(1, n, 1), source(&pattern(10)), 10).await.unwrap();
    }
    let keys = store.keys(None, 10).await.unwrap();
    assert_eq!(keys, [key(1, 1, 1), key(1, 2, 1), key(1, 3, 1)]);
    assert_eq!(store.keys(Some(keys[0]), 1).await.unwrap(), [keys[1]]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_upload_leaves_no_parts_behind() {
    let server = Server::start().await;
    let store = server.store("parts", "");
    let parts_before = Arc::new(AtomicUsize::new(0));
    let (seen, place) = (Arc::clone(&parts_before), server.place());
    let end = stream::once(async move {
        seen.store(server::upload_files(&place), Ordering::Relaxed);
        Err(SourceBroke("gone".into()))
    });
    let broken = source(&pattern(20 << 20)).chain(end);
    let refused = store.put(key(1, 1, 1), broken.boxed(), u64::MAX).await;
    assert!(matches!(refused, Err(PutError::Source(_))));
    assert!(parts_before.load(Ordering::Relaxed) > 0, "there were parts");
    let left = server.files_of("parts").len() + server::upload_files(&server.place());
    assert_eq!(left, 0, "parts of an aborted upload are still there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_say_what_they_are_and_nothing_secret() {
    let server = Server::start().await;
    let wrong = S3Artifacts::new(&server.settings("there", "", "wrong-secret")).unwrap();
    server.store("there", "");
    let said = match wrong.check().await {
        Err(StoreError::Unavailable(said)) => said,
        other => panic!("a wrong secret is answered with {other:?}"),
    };
    assert!(!said.contains("wrong-secret"), "{said}");
    assert!(!format!("{wrong:?}").contains("wrong-secret"));
    let gone = server.stop().await;
    let put = gone.put(key(1, 1, 1), source(&pattern(10)), 10).await;
    assert!(
        matches!(put, Err(PutError::Store(StoreError::Unavailable(_)))),
        "{put:?}"
    );
    let get = gone.get(key(1, 1, 1), 0..10).await;
    assert!(
        matches!(get, Err(StoreError::Unavailable(_))),
        "unreachable is not absent"
    );
}
