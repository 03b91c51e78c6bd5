//! What is sealed: bound to its place, readable for ever in its format, gone with its key.

use std::sync::Arc;

use domain::sealed::{Binding, KeptKey, Sealed, WrappedKey};
use keys::{SealingKey, from_environment_value};
use ports::{MasterKey, OrganisationKeys, master_key::KeyError};
use proptest::prelude::*;
use secrecy::{ExposeSecret, SecretString};
use testkit::{
    fake::{MemoryOrganisationKeys, SeededEntropy},
    sample::org_id,
};

use crate::{fresh, key_of, ring};

fn binding(org: u64, row: &str, purpose: &'static str) -> Binding {
    Binding {
        org: org_id(org),
        row: row.into(),
        purpose,
    }
}

fn closed(result: &Result<SecretString, KeyError>) -> bool {
    matches!(result, Err(KeyError::DoesNotOpen))
}

#[tokio::test]
async fn another_master_key_does_not_open_even_under_a_forged_name() {
    let store = Arc::new(MemoryOrganisationKeys::default());
    let (one, other) = (
        key_of(&ring(1, &[]), store.clone()),
        key_of(&ring(2, &[]), store.clone()),
    );
    assert_ne!(one.key_id(), other.key_id());
    let binding = binding(1, "r", "model_key");
    let sealed = one.seal(&binding, &SecretString::from("secret")).await.unwrap();
    assert!(closed(&other.open(&binding, &sealed).await));
    let KeptKey::Wrapped(wrapped) = store.lookup(org_id(1)).await.unwrap() else {
        panic!("no key is kept");
    };
    let forged = WrappedKey {
        key_id: other.key_id(),
        ..wrapped.clone()
    };
    assert!(store.replace(wrapped, forged).await.unwrap());
    assert!(closed(&other.open(&binding, &sealed).await));
    assert!(!format!("{one:?}").contains("0101"));
}

#[tokio::test]
async fn a_wrapped_key_is_of_one_organisation() {
    let store = Arc::new(MemoryOrganisationKeys::default());
    let key = key_of(&ring(1, &[]), store.clone());
    key.seal(&binding(1, "r", "model_key"), &SecretString::from("secret"))
        .await
        .unwrap();
    let KeptKey::Wrapped(wrapped) = store.lookup(org_id(1)).await.unwrap() else {
        panic!("no key is kept");
    };
    let moved = WrappedKey {
        org: org_id(2),
        ..wrapped
    };
    store.ensure(moved).await.unwrap();
    let sealed = key
        .seal(&binding(2, "r", "model_key"), &SecretString::from("secret"))
        .await;
    assert!(matches!(sealed, Err(KeyError::DoesNotOpen)));
}

/// What was sealed once has to open for ever: these are the stored formats.
#[tokio::test]
async fn the_stored_formats_stay_readable() {
    let master = from_environment_value(&"2a".repeat(32)).unwrap();
    let store = Arc::new(MemoryOrganisationKeys::default());
    let key = SealingKey::new(&master.into(), store.clone(), Arc::new(SeededEntropy::new(1))).unwrap();
    let binding = binding(1, "mpr_1", "model_key");
    let first: Sealed = serde_json::from_str(include_str!("sealed-v1.json")).unwrap();
    assert_eq!(
        key.open(&binding, &first).await.unwrap().expose_secret(),
        "sk-golden"
    );

    store
        .ensure(WrappedKey {
            org: org_id(1),
            version: 1,
            key_id: "13f427ff".into(),
            data: include_str!("wrapped-v1.txt").trim().into(),
        })
        .await
        .unwrap();
    let second: Sealed = serde_json::from_str(include_str!("sealed-v2.json")).unwrap();
    assert_eq!(
        key.open(&binding, &second).await.unwrap().expose_secret(),
        "sk-golden"
    );
    assert_eq!(
        key.open(&binding, &first).await.unwrap().expose_secret(),
        "sk-golden"
    );

    key.shred(org_id(1)).await.unwrap();
    for sealed in [first, second] {
        assert!(closed(&key.open(&binding, &sealed).await));
    }
}

#[tokio::test]
async fn a_process_that_starts_after_a_shredding_opens_nothing_either() {
    let store = Arc::new(MemoryOrganisationKeys::default());
    let binding = binding(1, "r", "model_key");
    let before = key_of(&ring(1, &[]), store.clone());
    let sealed = before
        .seal(&binding, &SecretString::from("secret"))
        .await
        .unwrap();
    before.shred(org_id(1)).await.unwrap();
    let after = key_of(&ring(1, &[]), store);
    assert!(closed(&after.open(&binding, &sealed).await));
    let again = after.seal(&binding, &SecretString::from("secret")).await;
    assert!(matches!(again, Err(KeyError::Shredded)));
}

fn places() -> impl Strategy<Value = Binding> {
    let purposes = prop_oneof![Just("model_key"), Just("git_token"), Just("environment_secret")];
    (1_u64..4, "[a-z0-9_]{0,6}", purposes).prop_map(|(org, row, purpose)| binding(org, &row, purpose))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn it_opens_in_its_place_and_in_no_other(secret in ".{0,200}", here in places(), there in places(), flip in any::<prop::sample::Index>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let key = fresh();
            // So that the other place has a key, too.
            key.seal(&there, &SecretString::from("x")).await.unwrap();
            let sealed = key.seal(&here, &SecretString::from(secret.as_str())).await.unwrap();
            let opened = key.open(&here, &sealed).await.unwrap();
            assert_eq!(opened.expose_secret(), secret);
            if here != there {
                assert!(closed(&key.open(&there, &sealed).await));
            }
            let mut data = sealed.data.clone().into_bytes();
            let at = flip.index(data.len().saturating_sub(4).max(1));
            data[at] = if data[at] == b'A' { b'B' } else { b'A' };
            let damaged = Sealed { data: String::from_utf8(data).unwrap(), ..sealed };
            assert!(closed(&key.open(&here, &damaged).await));
        });
    }
}
