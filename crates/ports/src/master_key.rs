//! The master key: seals secrets of organisations, and opens them again.

use async_trait::async_trait;
use domain::sealed::{Binding, Sealed};
use secrecy::SecretString;

/// Why a secret could not be sealed or opened. Says nothing about the secret.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The master key is not to be had now.
    #[error("the master key is not available: {0}")]
    Unavailable(String),
    /// Sealed under another key, or for another row or organisation, or damaged.
    #[error("the sealed secret does not open with this key for this row")]
    DoesNotOpen,
}

/// Seals with AES-256-GCM under a key that HKDF derives from the master key and the organisation; the
/// additional data bind organisation, row and purpose, so a ciphertext moved elsewhere does not open.
#[async_trait]
pub trait MasterKey: Send + Sync {
    async fn seal(&self, binding: &Binding, secret: &SecretString) -> Result<Sealed, KeyError>;
    async fn open(&self, binding: &Binding, sealed: &Sealed) -> Result<SecretString, KeyError>;
    /// Short public name of the key in use, for `doctor`; reveals nothing of it.
    fn key_id(&self) -> String;
}
