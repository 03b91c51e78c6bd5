//! Artifacts: kept whole or not at all, given out exactly, found by their key only.

use std::{sync::Arc, task::Poll};

use bytes::Bytes;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use ports::{
    ArtifactStore, StoreError,
    artifacts::{ArtifactKey, ArtifactSource, PutError, SourceBroke},
};
use protocol::{ArtifactId, OrgId, SessionId};
use sha2::{Digest, Sha256};

use crate::sample::{org_id, session_id};

/// Runs the suite. Each case gets a store of its own, empty.
pub async fn run(adapter: &str, make: impl Fn() -> Arc<dyn ArtifactStore>) {
    super::cases!(
        "artifacts",
        adapter,
        make,
        [
            what_is_stored_comes_back,
            ranges_are_exact,
            what_is_absent_is_absent,
            a_limit_is_a_limit,
            a_source_that_breaks_leaves_nothing,
            an_upload_is_invisible_until_it_is_whole,
            storing_again_replaces,
            one_is_removed_alone,
            a_session_is_removed_as_a_whole,
            keys_come_in_order_page_by_page,
            a_check_leaves_nothing,
        ]
    );
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    run("fake", || Arc::new(crate::fake::artifacts::Fake::default())).await;
    let quiet = || crate::fault::artifacts::Faulty::around(Arc::new(crate::fake::artifacts::Fake::default()));
    run("fake behind faults", || quiet()).await;
}

/// Larger than any store's part, so that what takes several requests is tried, too.
const LARGE: usize = (17 << 20) + 3;

/// A key made of small numbers.
#[must_use]
pub fn key(org: u64, session: u64, artifact: u64) -> ArtifactKey {
    ArtifactKey {
        org: org_id(org),
        session: session_id(session),
        artifact: ArtifactId::new(1_000, u128::from(artifact)),
    }
}

/// Bytes of which no two stretches are alike.
#[must_use]
pub fn pattern(size: usize) -> Bytes {
    let mut state = 0x9e37_79b9_u32;
    let next = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    next.take(size).collect()
}

/// A source that yields these bytes in uneven pieces.
#[must_use]
pub fn source(bytes: &Bytes) -> ArtifactSource {
    let mut rest = bytes.clone();
    let mut size = 1;
    let pieces = std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        size = (size * 3 % 300_007).max(1);
        Some(Ok(rest.split_to(size.min(rest.len()))))
    });
    stream::iter(pieces).boxed()
}

async fn read(store: &dyn ArtifactStore, key: ArtifactKey, range: std::ops::Range<u64>) -> Option<Bytes> {
    let pieces = store.get(key, range).await.unwrap()?;
    let pieces: Vec<Bytes> = pieces.try_collect().await.unwrap();
    Some(pieces.concat().into())
}

async fn all_keys(store: &dyn ArtifactStore) -> Vec<ArtifactKey> {
    store.keys(None, 1000).await.unwrap()
}

async fn put(store: &dyn ArtifactStore, key: ArtifactKey, bytes: &Bytes) {
    store.put(key, source(bytes), bytes.len() as u64).await.unwrap();
}

async fn what_is_stored_comes_back(store: Arc<dyn ArtifactStore>) {
    assert!(!store.name().is_empty());
    for (n, size) in [(1, 0), (2, 1), (3, 70_000), (4, LARGE)] {
        let bytes = pattern(size);
        let stored = store.put(key(1, 1, n), source(&bytes), u64::MAX).await.unwrap();
        assert_eq!(stored.size_bytes, size as u64);
        let hash: [u8; 32] = Sha256::digest(&bytes).into();
        assert_eq!(stored.sha256, hash, "{size} bytes");
        let back = read(&*store, key(1, 1, n), 0..size as u64).await;
        assert!(back == Some(bytes), "{size} bytes come back as they were");
    }
}

async fn ranges_are_exact(store: Arc<dyn ArtifactStore>) {
    for (n, size) in [(1, 200_000), (2, LARGE)] {
        let bytes = pattern(size);
        put(&*store, key(1, 1, n), &bytes).await;
        for range in [0..1, 5..5, 1..70_001, size - 1..size, 150_000..size, 0..size] {
            let back = read(&*store, key(1, 1, n), range.start as u64..range.end as u64).await;
            assert!(
                back == Some(bytes.slice(range.clone())),
                "{range:?} of {size} bytes"
            );
        }
        let beyond = store.get(key(1, 1, n), 0..size as u64 + 1).await;
        assert!(
            matches!(beyond, Err(StoreError::Corrupt(_))),
            "shorter than asked for"
        );
    }
}

async fn what_is_absent_is_absent(store: Arc<dyn ArtifactStore>) {
    put(&*store, key(1, 1, 1), &pattern(10)).await;
    for other in [key(1, 1, 2), key(1, 2, 1), key(2, 1, 1)] {
        assert!(store.get(other, 0..10).await.unwrap().is_none());
        assert!(store.get(other, 0..0).await.unwrap().is_none());
        store.delete(other).await.unwrap();
        store
            .delete_session(other.org, SessionId::from_bits(99))
            .await
            .unwrap();
    }
    store
        .delete_session(OrgId::from_bits(99), SessionId::from_bits(99))
        .await
        .unwrap();
    assert_eq!(all_keys(&*store).await, vec![key(1, 1, 1)]);
}

async fn a_limit_is_a_limit(store: Arc<dyn ArtifactStore>) {
    for (n, size) in [(1, 1000), (2, LARGE)] {
        let bytes = pattern(size);
        let limit = size as u64 - 1;
        let refused = store.put(key(1, 1, n), source(&bytes), limit).await;
        assert!(matches!(refused, Err(PutError::TooLarge { limit: said }) if said == limit));
        assert!(store.get(key(1, 1, n), 0..1).await.unwrap().is_none());
        assert!(all_keys(&*store).await.is_empty());
    }
    let endless = stream::repeat_with(|| Ok(Bytes::from_static(&[7; 4096]))).boxed();
    let refused = store.put(key(1, 1, 1), endless, 1 << 20).await;
    assert!(matches!(refused, Err(PutError::TooLarge { .. })));
    put(&*store, key(1, 1, 1), &pattern(1000)).await;
}

async fn a_source_that_breaks_leaves_nothing(store: Arc<dyn ArtifactStore>) {
    for (n, size) in [(1, 1000), (2, LARGE)] {
        let broken = source(&pattern(size)).chain(stream::iter([Err(SourceBroke("gone".into()))]));
        let refused = store.put(key(1, 1, n), broken.boxed(), u64::MAX).await;
        assert!(matches!(refused, Err(PutError::Source(SourceBroke(said))) if said == "gone"));
        assert!(store.get(key(1, 1, n), 0..1).await.unwrap().is_none());
        assert!(all_keys(&*store).await.is_empty());
    }
}

async fn an_upload_is_invisible_until_it_is_whole(store: Arc<dyn ArtifactStore>) {
    for (n, size) in [(1, 1000), (2, LARGE)] {
        let bytes = pattern(size);
        let (drained, mut wait) = tokio::sync::mpsc::unbounded_channel();
        let stuck = stream::poll_fn(move |_| {
            let _ = drained.send(());
            Poll::Pending
        });
        let mut upload = store
            .put(key(1, 1, n), source(&bytes).chain(stuck).boxed(), u64::MAX)
            .fuse();
        // Every byte has been taken, and there is no end of them.
        futures::select_biased! {
            _ = wait.recv().fuse() => {}
            _ = upload => panic!("an upload ended before its source"),
        }
        assert!(store.get(key(1, 1, n), 0..1).await.unwrap().is_none());
        assert!(all_keys(&*store).await.is_empty());
        drop(upload);
        assert!(store.get(key(1, 1, n), 0..1).await.unwrap().is_none());
        assert!(all_keys(&*store).await.is_empty());
    }
}

async fn storing_again_replaces(store: Arc<dyn ArtifactStore>) {
    put(&*store, key(1, 1, 1), &pattern(1000)).await;
    let other = Bytes::from_static(b"something else");
    put(&*store, key(1, 1, 1), &other).await;
    assert_eq!(
        read(&*store, key(1, 1, 1), 0..other.len() as u64).await,
        Some(other)
    );
    assert_eq!(all_keys(&*store).await.len(), 1);
}

async fn one_is_removed_alone(store: Arc<dyn ArtifactStore>) {
    for n in 1..=3 {
        put(&*store, key(1, 1, n), &pattern(10)).await;
    }
    store.delete(key(1, 1, 2)).await.unwrap();
    store.delete(key(1, 1, 2)).await.unwrap();
    assert!(store.get(key(1, 1, 2), 0..10).await.unwrap().is_none());
    assert_eq!(all_keys(&*store).await, vec![key(1, 1, 1), key(1, 1, 3)]);
}

async fn a_session_is_removed_as_a_whole(store: Arc<dyn ArtifactStore>) {
    let others = [key(1, 2, 1), key(2, 1, 1)];
    for n in 1..=5 {
        put(&*store, key(1, 1, n), &pattern(10)).await;
    }
    for other in others {
        put(&*store, other, &pattern(10)).await;
    }
    for _ in 0..2 {
        store.delete_session(org_id(1), session_id(1)).await.unwrap();
        assert_eq!(all_keys(&*store).await, others);
    }
    put(&*store, key(1, 1, 1), &pattern(10)).await;
    assert_eq!(all_keys(&*store).await.len(), 3);
}

async fn keys_come_in_order_page_by_page(store: Arc<dyn ArtifactStore>) {
    let mut keys = Vec::new();
    for org in [2, 1] {
        for session in [3, 1, 2] {
            for n in [2, 1] {
                put(&*store, key(org, session, n), &pattern(1)).await;
                keys.push(key(org, session, n));
            }
        }
    }
    keys.sort_unstable();
    for limit in [1, 3, 5, 100] {
        let mut seen = Vec::new();
        loop {
            let page = store.keys(seen.last().copied(), limit).await.unwrap();
            assert!(page.len() <= limit);
            if page.is_empty() {
                break;
            }
            seen.extend(page);
        }
        assert_eq!(seen, keys, "in pages of {limit}");
    }
}

async fn a_check_leaves_nothing(store: Arc<dyn ArtifactStore>) {
    store.check().await.unwrap();
    assert!(all_keys(&*store).await.is_empty());
    store.check().await.unwrap();
}
