//! Signatures hold for exactly their message, under exactly their key.

use std::sync::Arc;

use ports::AuditSigner;
use protocol::audit::Hex;

/// Runs the suite.
pub async fn run(adapter: &str, make: impl Fn() -> Arc<dyn AuditSigner>) {
    super::cases!(
        "audit_signer",
        adapter,
        make,
        [what_is_signed_holds, nothing_else_does,]
    );
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    run("fake", || Arc::new(crate::fake::audit_signer::Fake::default())).await;
    let quiet =
        || crate::fault::audit_signer::Faulty::around(Arc::new(crate::fake::audit_signer::Fake::default()));
    run("fake behind faults", || quiet()).await;
}

async fn what_is_signed_holds(signer: Arc<dyn AuditSigner>) {
    for message in [&b""[..], b"x", &[0xff; 5000]] {
        let signature = signer.sign(message).await.unwrap();
        assert!(signer.is_signature(&signer.public_key(), message, &signature));
    }
}

async fn nothing_else_does(signer: Arc<dyn AuditSigner>) {
    let key = signer.public_key();
    let signature = signer.sign(b"message").await.unwrap();
    assert!(!signer.is_signature(&key, b"massage", &signature));
    for place in [0, 31, 32, 63] {
        let mut bad = signature;
        bad.0[place] ^= 1;
        assert!(!signer.is_signature(&key, b"message", &bad));
    }
    for other in [Hex([0; 32]), Hex([0xff; 32])] {
        assert!(!signer.is_signature(&other, b"message", &signature));
    }
}
