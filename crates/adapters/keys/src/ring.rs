//! The master keys that a server has: one that everything new is wrapped under, and older ones that still open.

use std::sync::Arc;

use aws_lc_rs::hkdf::Prk;
use ports::master_key::KeyError;
use zeroize::Zeroizing;

use crate::derive;

/// Older keys that are kept along; each change adds one, and its end takes it away.
pub const MOST_OLDER: usize = 4;

/// As they came from their source, the one in use first.
pub struct KeyRing {
    pub current: Zeroizing<[u8; 32]>,
    pub older: Vec<Zeroizing<[u8; 32]>>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRing")
            .field("older", &self.older.len())
            .finish_non_exhaustive()
    }
}

impl From<Zeroizing<[u8; 32]>> for KeyRing {
    fn from(current: Zeroizing<[u8; 32]>) -> Self {
        Self {
            current,
            older: Vec::new(),
        }
    }
}

/// The short public name of a master key; it says nothing about the key.
///
/// # Errors
/// When keys cannot be derived, which only a broken crypto library does.
pub fn master_key_id(key: &Zeroizing<[u8; 32]>) -> Result<String, KeyError> {
    derive::key_id(&derive::extract(key))
}

/// One master key, ready for use.
pub(crate) struct Master {
    pub(crate) prk: Prk,
    pub(crate) key_id: String,
}

impl Master {
    pub(crate) fn new(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let prk = derive::extract(bytes);
        let key_id = derive::key_id(&prk)?;
        Ok(Self { prk, key_id })
    }
}

/// All of them, ready for use.
pub(crate) struct Masters {
    pub(crate) current: Arc<Master>,
    pub(crate) older: Vec<Arc<Master>>,
}

impl Masters {
    pub(crate) fn new(ring: &KeyRing) -> Result<Self, KeyError> {
        let current = Arc::new(Master::new(&ring.current)?);
        let older = ring
            .older
            .iter()
            .map(|bytes| Master::new(bytes).map(Arc::new))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            older: older
                .into_iter()
                .filter(|master| master.key_id != current.key_id)
                .collect(),
            current,
        })
    }

    /// By its name.
    pub(crate) fn find(&self, key_id: &str) -> Option<Arc<Master>> {
        std::iter::once(&self.current)
            .chain(&self.older)
            .find(|master| master.key_id == key_id)
            .cloned()
    }
}
