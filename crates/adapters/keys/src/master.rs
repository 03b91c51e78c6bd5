//! The port on top of derivation and sealing.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use aws_lc_rs::{aead::NONCE_LEN, hkdf::Prk};
use domain::sealed::{Binding, Sealed};
use ports::{Entropy, MasterKey, master_key::KeyError};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::{derive, seal};

/// Seals and opens with keys derived from one master key, held in memory.
pub struct SealingKey {
    master: Prk,
    key_id: String,
    entropy: Arc<dyn Entropy>,
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealingKey")
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

impl SealingKey {
    /// From the 32 bytes that a source gave; nonces come from `entropy`.
    ///
    /// # Errors
    /// When keys cannot be derived, which only a broken crypto library does.
    pub fn new(master: &Zeroizing<[u8; 32]>, entropy: Arc<dyn Entropy>) -> Result<Self, KeyError> {
        let master = derive::extract(master);
        let key_id = derive::key_id(&master)?;
        Ok(Self {
            master,
            key_id,
            entropy,
        })
    }
}

#[async_trait]
impl MasterKey for SealingKey {
    async fn seal(&self, binding: &Binding, secret: &SecretString) -> Result<Sealed, KeyError> {
        let key = derive::sealing_key(&self.master, binding)?;
        let mut nonce = [0; NONCE_LEN];
        self.entropy.fill(&mut nonce);
        seal::seal(&key, &self.key_id, binding, nonce, secret.expose_secret())
    }

    async fn open(&self, binding: &Binding, sealed: &Sealed) -> Result<SecretString, KeyError> {
        let key = derive::sealing_key(&self.master, binding)?;
        seal::open(&key, &self.key_id, binding, sealed)
    }

    fn key_id(&self) -> String {
        self.key_id.clone()
    }
}
