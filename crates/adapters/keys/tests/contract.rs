//! The contracts of the ports that this crate serves.

use std::sync::Arc;

use domain::sealed::Binding;
use keys::{SealingKey, SystemClock, SystemEntropy, from_environment_value};
use ports::{MasterKey, master_key::KeyError};
use secrecy::{ExposeSecret, SecretString};
use testkit::{contract, fake::SeededEntropy, fault, sample::org_id};

fn key(byte: &str) -> Arc<SealingKey> {
    let master = from_environment_value(&byte.repeat(32)).expect("64 hexadecimal characters");
    Arc::new(SealingKey::new(&master, Arc::new(SystemEntropy)).expect("a key"))
}

#[tokio::test]
async fn clock() {
    contract::clock::run("system", || Arc::new(SystemClock)).await;
}

#[tokio::test]
async fn entropy() {
    contract::entropy::run("system", || Arc::new(SystemEntropy)).await;
}

#[tokio::test]
async fn master_key() {
    contract::master_key::run("aes-256-gcm", || key("0f")).await;
    contract::master_key::run("aes-256-gcm behind faults", || {
        fault::master_key::Faulty::around(key("0f"))
    })
    .await;
}

#[tokio::test]
async fn another_master_key_does_not_open_even_under_a_forged_name() {
    let binding = Binding {
        org: org_id(1),
        row: "r".into(),
        purpose: "model_key",
    };
    let (one, other) = (key("01"), key("02"));
    assert_ne!(one.key_id(), other.key_id());
    let mut sealed = one.seal(&binding, &SecretString::from("secret")).await.unwrap();
    assert!(matches!(
        other.open(&binding, &sealed).await,
        Err(KeyError::DoesNotOpen)
    ));
    sealed.key_id = other.key_id();
    assert!(matches!(
        other.open(&binding, &sealed).await,
        Err(KeyError::DoesNotOpen)
    ));
    assert!(!format!("{one:?}").contains("0101"));
}

/// What was sealed once has to open for ever: this is the stored format.
#[tokio::test]
async fn the_stored_format_stays_readable() {
    let master = from_environment_value(&"2a".repeat(32)).unwrap();
    let key = SealingKey::new(&master, Arc::new(SeededEntropy::new(1))).unwrap();
    let binding = Binding {
        org: org_id(1),
        row: "mpr_1".into(),
        purpose: "model_key",
    };
    let stored = include_str!("sealed-v1.json");
    let opened = key
        .open(&binding, &serde_json::from_str(stored).unwrap())
        .await
        .unwrap();
    assert_eq!(opened.expose_secret(), "sk-golden");
}
