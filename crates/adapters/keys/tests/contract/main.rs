//! The contracts of the ports that this crate serves.

mod rotation;
mod sealing;

use std::sync::Arc;

use keys::{AuditKey, KeyRing, SealingKey, SystemClock, SystemEntropy, from_environment_value};
use ports::OrganisationKeys;
use testkit::{contract, fake::MemoryOrganisationKeys, fault};

/// A master key made of one byte, with the older ones that still open.
fn ring(byte: u8, older: &[u8]) -> KeyRing {
    let one = |byte: u8| {
        from_environment_value(&format!("{byte:02x}").repeat(32)).expect("64 hexadecimal characters")
    };
    KeyRing {
        current: one(byte),
        older: older.iter().copied().map(one).collect(),
    }
}

fn key_of(ring: &KeyRing, keys: Arc<dyn OrganisationKeys>) -> Arc<SealingKey> {
    Arc::new(SealingKey::new(ring, keys, Arc::new(SystemEntropy)).expect("a key"))
}

fn fresh() -> Arc<SealingKey> {
    key_of(&ring(0x0f, &[]), Arc::new(MemoryOrganisationKeys::default()))
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
    contract::master_key::run("aes-256-gcm", || fresh()).await;
    contract::master_key::run("aes-256-gcm behind faults", || {
        fault::master_key::Faulty::around(fresh())
    })
    .await;
}

#[tokio::test]
async fn audit_signer() {
    contract::audit_signer::run("ed25519", || {
        Arc::new(AuditKey::new(&ring(0x0f, &[]).current).expect("a key"))
    })
    .await;
}

#[tokio::test]
async fn after_a_change_of_the_master_key_checkpoints_are_signed_under_the_new_one() {
    use ports::AuditSigner as _;

    let (old, new) = (ring(0x0f, &[]).current, ring(0x1f, &[]).current);
    let signer = AuditKey::new(&old).expect("a key");
    let before = signer.public_key();
    let signature = signer.sign(b"before").await.expect("signed");
    signer.turn_to(&new).expect("turned");
    let after = AuditKey::new(&new).expect("a key").public_key();
    assert_eq!(signer.public_key(), after);
    let signed = signer.sign(b"after").await.expect("signed");
    assert!(
        signer.is_signature(&after, b"after", &signed) && !signer.is_signature(&before, b"after", &signed)
    );
    assert!(
        signer.is_signature(&before, b"before", &signature),
        "what was signed holds"
    );
}
