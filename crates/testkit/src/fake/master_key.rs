//! A master key that hides nothing from an attacker but behaves like a real one: what it seals does not show
//! the secret, opens for exactly its binding, and notices damage.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use domain::sealed::{Binding, Sealed};
use ports::{
    MasterKey,
    master_key::{KeyError, KeyStanding},
};
use protocol::OrgId;
use secrecy::{ExposeSecret, SecretString};

use super::lock;

/// The fake of this port.
pub type Fake = ToyMasterKey;

/// Not encryption: a keyed scramble with a checksum.
#[derive(Debug)]
pub struct ToyMasterKey {
    seed: u64,
    nonce: AtomicU64,
    shredded: Mutex<BTreeSet<OrgId>>,
}

impl Default for ToyMasterKey {
    fn default() -> Self {
        Self::new(7)
    }
}

impl ToyMasterKey {
    /// Another seed is another key.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            nonce: AtomicU64::new(1),
            shredded: Mutex::default(),
        }
    }

    /// Organisations whose key was destroyed.
    #[must_use]
    pub fn shredded(&self) -> BTreeSet<OrgId> {
        lock(&self.shredded).clone()
    }

    fn mix(&self, binding: &Binding, nonce: u64, salt: &[u8]) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.seed, binding.org, &binding.row, binding.purpose, nonce, salt).hash(&mut hasher);
        hasher.finish()
    }

    /// Its own inverse.
    fn scramble(&self, binding: &Binding, nonce: u64, bytes: &mut [u8]) {
        for (index, chunk) in bytes.chunks_mut(8).enumerate() {
            let word = self.mix(binding, nonce, &index.to_be_bytes()).to_be_bytes();
            chunk.iter_mut().zip(word).for_each(|(byte, key)| *byte ^= key);
        }
    }
}

#[async_trait]
impl MasterKey for ToyMasterKey {
    async fn seal(&self, binding: &Binding, secret: &SecretString) -> Result<Sealed, KeyError> {
        if lock(&self.shredded).contains(&binding.org) {
            return Err(KeyError::Shredded);
        }
        let nonce = self.nonce.fetch_add(1, Ordering::SeqCst);
        let mut bytes = secret.expose_secret().as_bytes().to_vec();
        let check = self.mix(binding, nonce, &bytes);
        self.scramble(binding, nonce, &mut bytes);
        let mut data = format!("{nonce:016x}{check:016x}");
        data.extend(bytes.iter().map(|byte| format!("{byte:02x}")));
        Ok(Sealed {
            version: 2,
            key_id: self.key_id(),
            data,
        })
    }

    async fn open(&self, binding: &Binding, sealed: &Sealed) -> Result<SecretString, KeyError> {
        let gone = lock(&self.shredded).contains(&binding.org);
        if gone || sealed.version != 2 || sealed.key_id != self.key_id() || !sealed.data.is_ascii() {
            return Err(KeyError::DoesNotOpen);
        }
        let number = |range| {
            let text: &str = sealed.data.get(range).ok_or(KeyError::DoesNotOpen)?;
            u64::from_str_radix(text, 16).map_err(|_| KeyError::DoesNotOpen)
        };
        let (nonce, check) = (number(0..16)?, number(16..32)?);
        let mut bytes = sealed.data.as_bytes()[32..]
            .chunks(2)
            .map(|pair| {
                std::str::from_utf8(pair)
                    .ok()
                    .and_then(|text| u8::from_str_radix(text, 16).ok())
            })
            .collect::<Option<Vec<u8>>>()
            .ok_or(KeyError::DoesNotOpen)?;
        self.scramble(binding, nonce, &mut bytes);
        if self.mix(binding, nonce, &bytes) != check {
            return Err(KeyError::DoesNotOpen);
        }
        String::from_utf8(bytes)
            .map(SecretString::from)
            .map_err(|_| KeyError::DoesNotOpen)
    }

    async fn shred(&self, org: OrgId) -> Result<(), KeyError> {
        lock(&self.shredded).insert(org);
        Ok(())
    }

    async fn rewrap(&self, _most: usize) -> Result<usize, KeyError> {
        Ok(0)
    }

    async fn standing(&self) -> Result<KeyStanding, KeyError> {
        Ok(KeyStanding {
            key_id: self.key_id(),
            ..KeyStanding::default()
        })
    }

    fn key_id(&self) -> String {
        format!("{:08x}", self.seed)
    }
}
