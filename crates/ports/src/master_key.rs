//! The master key: seals secrets of organisations, opens them again, and makes them unreadable for good.

use async_trait::async_trait;
use domain::sealed::{Binding, Sealed};
use protocol::OrgId;
use secrecy::SecretString;

/// Why a secret could not be sealed or opened. Says nothing about the secret.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The master key, or what it wraps, is not to be had now.
    #[error("the master key is not available: {0}")]
    Unavailable(String),
    /// Sealed under another key, or for another row or organisation, or damaged, or its key was destroyed.
    #[error("the sealed secret does not open with this key for this row")]
    DoesNotOpen,
    /// The organisation's key was destroyed: nothing is sealed for it any more.
    #[error("the key of this organisation was destroyed")]
    Shredded,
}

/// How far a change of the master key has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyStanding {
    /// Short public name of the master key that new keys are wrapped under.
    pub key_id: String,
    /// Names of older master keys that still open.
    pub older: Vec<String>,
    /// Data keys of organisations that an older master key still wraps.
    pub data_keys_on_older: u64,
}

/// Each organisation has a random data key, kept wrapped under the master key. What is sealed is bound to organisation,
/// row and purpose, so a ciphertext moved elsewhere does not open.
#[async_trait]
pub trait MasterKey: Send + Sync {
    async fn seal(&self, binding: &Binding, secret: &SecretString) -> Result<Sealed, KeyError>;
    async fn open(&self, binding: &Binding, sealed: &Sealed) -> Result<SecretString, KeyError>;

    /// Destroys the data key of an organisation. When this returns `Ok`, nothing that was sealed for it opens any
    /// more, also not with the master key and a copy of the store that is taken from now on; copies from before
    /// still hold the wrapped key. Nothing can be sealed for it again. Repeating it is fine, and needed after an
    /// error: then the key may be gone from use and not yet from the disk.
    async fn shred(&self, org: OrgId) -> Result<(), KeyError>;

    /// Wraps up to `most` data keys anew that an older master key still wraps; answers how many it did. 0 = none is
    /// left. May be broken off and begun again at any time.
    async fn rewrap(&self, most: usize) -> Result<usize, KeyError>;

    /// How far that has come.
    async fn standing(&self) -> Result<KeyStanding, KeyError>;

    /// Short public name of the key in use, for `doctor`; reveals nothing of it.
    fn key_id(&self) -> String;
}
