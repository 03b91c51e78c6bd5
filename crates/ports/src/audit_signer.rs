//! The key that checkpoints of the audit log are signed with.

use async_trait::async_trait;
use protocol::audit::Hex;

use crate::master_key::KeyError;

/// Signs with Ed25519 under a key that is derived from the master key for nothing else.
#[async_trait]
pub trait AuditSigner: Send + Sync {
    async fn sign(&self, message: &[u8]) -> Result<Hex<64>, KeyError>;

    /// What a signature is checked with. Everybody may know it.
    fn public_key(&self) -> Hex<32>;

    /// Whether a signature is that of this message under a public key, own or not.
    fn is_signature(&self, key: &Hex<32>, message: &[u8], signature: &Hex<64>) -> bool;
}
