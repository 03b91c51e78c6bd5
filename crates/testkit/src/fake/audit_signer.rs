//! A signer that anybody could imitate, but whose signatures hold for exactly their message and key.

use async_trait::async_trait;
use ports::{AuditSigner, master_key::KeyError};
use protocol::audit::Hex;
use sha2::{Digest, Sha256};

/// The fake of this port.
pub type Fake = ToySigner;

/// Not a signature: a hash over key and message, twice.
#[derive(Debug)]
pub struct ToySigner {
    public: Hex<32>,
}

impl Default for ToySigner {
    fn default() -> Self {
        Self {
            public: Hex([0x5a; 32]),
        }
    }
}

fn toy(key: &Hex<32>, message: &[u8]) -> Hex<64> {
    let mut bytes = [0; 64];
    for (half, number) in bytes.chunks_mut(32).zip([1_u8, 2]) {
        let hash = Sha256::new()
            .chain_update([number])
            .chain_update(key.0)
            .chain_update(message);
        half.copy_from_slice(&hash.finalize());
    }
    Hex(bytes)
}

#[async_trait]
impl AuditSigner for ToySigner {
    async fn sign(&self, message: &[u8]) -> Result<Hex<64>, KeyError> {
        Ok(toy(&self.public, message))
    }

    fn public_key(&self) -> Hex<32> {
        self.public
    }

    fn is_signature(&self, key: &Hex<32>, message: &[u8], signature: &Hex<64>) -> bool {
        toy(key, message) == *signature
    }
}
