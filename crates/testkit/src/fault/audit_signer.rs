//! Faults of the audit log's key.

use async_trait::async_trait;
use ports::{AuditSigner, master_key::KeyError};
use protocol::audit::Hex;

use super::{Fault, strike};

pub const CATALOGUE: &[Fault] = &[Fault {
    name: "sign_unavailable",
    injects: "nothing can be signed now",
    outcome: "the deed is done; the next record is signed instead",
}];

super::decorator!("audit_signer", ports::AuditSigner);

#[async_trait]
impl AuditSigner for Faulty {
    async fn sign(&self, message: &[u8]) -> Result<Hex<64>, KeyError> {
        strike!(self, "sign_unavailable", KeyError::Unavailable("injected".into()));
        self.inner.sign(message).await
    }

    fn public_key(&self) -> Hex<32> {
        self.inner.public_key()
    }

    fn is_signature(&self, key: &Hex<32>, message: &[u8], signature: &Hex<64>) -> bool {
        self.inner.is_signature(key, message, signature)
    }
}
