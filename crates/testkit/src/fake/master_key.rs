//! A master key that hides nothing from an attacker but behaves like a real one: what it seals does not show
//! the secret, opens for exactly its binding, and notices damage.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use domain::sealed::{Binding, Sealed};
use ports::{MasterKey, master_key::KeyError};
use secrecy::{ExposeSecret, SecretString};

/// The fake of this port.
pub type Fake = ToyMasterKey;

/// Not encryption: a keyed scramble with a checksum.
#[derive(Debug)]
pub struct ToyMasterKey {
    seed: u64,
    nonce: AtomicU64,
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
        }
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
        let nonce = self.nonce.fetch_add(1, Ordering::SeqCst);
        let mut bytes = secret.expose_secret().as_bytes().to_vec();
        let check = self.mix(binding, nonce, &bytes);
        self.scramble(binding, nonce, &mut bytes);
        let mut data = format!("{nonce:016x}{check:016x}");
        data.extend(bytes.iter().map(|byte| format!("{byte:02x}")));
        Ok(Sealed {
            version: 1,
            key_id: self.key_id(),
            data,
        })
    }

    async fn open(&self, binding: &Binding, sealed: &Sealed) -> Result<SecretString, KeyError> {
        if sealed.version != 1 || sealed.key_id != self.key_id() || !sealed.data.is_ascii() {
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

    fn key_id(&self) -> String {
        format!("{:08x}", self.seed)
    }
}
