//! A change of the master key: both open while it lasts, nothing is lost, and it goes on after it was broken off.

use std::sync::Arc;

use domain::sealed::Binding;
use ports::{MasterKey, OrganisationKeys, master_key::KeyError};
use secrecy::{ExposeSecret, SecretString};
use testkit::{fake::MemoryOrganisationKeys, sample::org_id};

use crate::{key_of, ring};

fn binding(org: u64) -> Binding {
    Binding {
        org: org_id(org),
        row: format!("row{org}"),
        purpose: "model_key",
    }
}

#[tokio::test]
async fn both_keys_open_until_every_data_key_is_wrapped_anew() {
    let store = Arc::new(MemoryOrganisationKeys::default());
    let old = key_of(&ring(1, &[]), store.clone());
    let mut sealed = Vec::new();
    for org in 1..=5 {
        let secret = SecretString::from(format!("secret {org}"));
        sealed.push(old.seal(&binding(org), &secret).await.unwrap());
    }
    old.turn_to(&ring(2, &[1])).unwrap();
    let key = old;
    let fresh = key
        .seal(&binding(6), &SecretString::from("secret 6"))
        .await
        .unwrap();
    sealed.push(fresh);
    let standing = key.standing().await.unwrap();
    assert_eq!(
        (standing.data_keys_on_older, standing.older.len()),
        (5, 1),
        "new ones go under the new key"
    );

    assert_eq!(key.rewrap(2).await.unwrap(), 2);
    // Broken off here, and gone on by another process with both keys.
    let key = key_of(&ring(2, &[1]), store.clone());
    assert_eq!(key.standing().await.unwrap().data_keys_on_older, 3);
    while key.rewrap(2).await.unwrap() > 0 {}
    assert_eq!(key.standing().await.unwrap().data_keys_on_older, 0);

    let alone = key_of(&ring(2, &[]), store.clone());
    for (org, sealed) in (1..).zip(&sealed) {
        let opened = alone.open(&binding(org), sealed).await.unwrap();
        assert_eq!(opened.expose_secret(), format!("secret {org}"));
    }
    let before = key_of(&ring(1, &[]), store);
    let opened = before.open(&binding(1), &sealed[0]).await;
    assert!(
        matches!(opened, Err(KeyError::DoesNotOpen)),
        "the old key opens nothing more"
    );
}

#[tokio::test]
async fn without_the_old_key_nothing_is_lost_and_the_change_says_so() {
    let store = Arc::new(MemoryOrganisationKeys::default());
    let secret = SecretString::from("secret");
    let sealed = key_of(&ring(1, &[]), store.clone())
        .seal(&binding(1), &secret)
        .await
        .unwrap();
    let wrong = key_of(&ring(2, &[]), store.clone());
    let error = wrong.rewrap(10).await.unwrap_err();
    assert!(matches!(error, KeyError::Unavailable(_)), "{error}");
    assert_eq!(wrong.standing().await.unwrap().data_keys_on_older, 1);
    let right = key_of(&ring(2, &[1]), store);
    assert_eq!(right.rewrap(10).await.unwrap(), 1);
    assert_eq!(
        right.open(&binding(1), &sealed).await.unwrap().expose_secret(),
        "secret"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_and_shreddings_at_the_same_time_are_not_undone() {
    let store = Arc::new(MemoryOrganisationKeys::default());
    let key = key_of(&ring(1, &[]), store.clone());
    for org in 1..=40 {
        key.seal(&binding(org), &SecretString::from("before"))
            .await
            .unwrap();
    }
    key.turn_to(&ring(2, &[1])).unwrap();
    let rotating = tokio::spawn({
        let key = Arc::clone(&key);
        async move { while key.rewrap(3).await.unwrap() > 0 {} }
    });
    let mut sealed = Vec::new();
    for org in 1..=60 {
        if org % 10 == 0 {
            key.shred(org_id(org)).await.unwrap();
        } else {
            sealed.push((
                org,
                key.seal(&binding(org), &SecretString::from("meanwhile"))
                    .await
                    .unwrap(),
            ));
        }
        tokio::task::yield_now().await;
    }
    rotating.await.unwrap();
    while key.rewrap(100).await.unwrap() > 0 {}
    let alone = key_of(&ring(2, &[]), store.clone());
    for (org, sealed) in sealed {
        let opened = alone.open(&binding(org), &sealed).await.unwrap();
        assert_eq!(opened.expose_secret(), "meanwhile");
    }
    for org in [10, 20, 60] {
        let kept = store.lookup(org_id(org)).await.unwrap();
        assert_eq!(kept, domain::sealed::KeptKey::Shredded);
    }
}
