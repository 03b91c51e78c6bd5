//! The key of the audit log's checkpoints: Ed25519, from a seed that HKDF derives from the master key.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use async_trait::async_trait;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use ports::{AuditSigner, master_key::KeyError};
use protocol::audit::Hex;
use zeroize::Zeroizing;

use crate::derive;

/// Signs checkpoints; held in memory, stored nowhere.
pub struct AuditKey {
    pair: RwLock<Arc<Pair>>,
}

struct Pair {
    secret: Ed25519KeyPair,
    public: Hex<32>,
}

impl fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditKey")
            .field("public", &self.pair().public)
            .finish_non_exhaustive()
    }
}

impl Pair {
    fn of(master: &Zeroizing<[u8; 32]>) -> Result<Self, KeyError> {
        let broken = || KeyError::Unavailable("the audit key cannot be derived".into());
        let seed = derive::audit_seed(&derive::extract(master))?;
        let secret = Ed25519KeyPair::from_seed_unchecked(&*seed).map_err(|_| broken())?;
        let public = secret.public_key().as_ref().try_into().map_err(|_| broken())?;
        Ok(Self {
            secret,
            public: Hex(public),
        })
    }
}

impl AuditKey {
    /// The one that belongs to a master key. Another master key has another one.
    ///
    /// # Errors
    /// When keys cannot be derived, which only a broken crypto library does.
    pub fn new(master: &Zeroizing<[u8; 32]>) -> Result<Self, KeyError> {
        Ok(Self {
            pair: RwLock::new(Arc::new(Pair::of(master)?)),
        })
    }

    /// From now on signs with the one that belongs to this master key.
    ///
    /// # Errors
    /// As [`Self::new`]; then it stays as it was.
    pub fn turn_to(&self, master: &Zeroizing<[u8; 32]>) -> Result<(), KeyError> {
        let pair = Arc::new(Pair::of(master)?);
        *self.pair.write().unwrap_or_else(PoisonError::into_inner) = pair;
        Ok(())
    }

    fn pair(&self) -> Arc<Pair> {
        Arc::clone(&self.pair.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Whether a signature of the audit log holds.
#[must_use]
pub fn is_audit_signature(key: &Hex<32>, message: &[u8], signature: &Hex<64>) -> bool {
    UnparsedPublicKey::new(&ED25519, key.0)
        .verify(message, &signature.0)
        .is_ok()
}

#[async_trait]
impl AuditSigner for AuditKey {
    async fn sign(&self, message: &[u8]) -> Result<Hex<64>, KeyError> {
        let signature = self.pair().secret.sign(message);
        let bytes = signature.as_ref().try_into();
        bytes
            .map(Hex)
            .map_err(|_| KeyError::Unavailable("the signature has the wrong length".into()))
    }

    fn public_key(&self) -> Hex<32> {
        self.pair().public
    }

    fn is_signature(&self, key: &Hex<32>, message: &[u8], signature: &Hex<64>) -> bool {
        is_audit_signature(key, message, signature)
    }
}
