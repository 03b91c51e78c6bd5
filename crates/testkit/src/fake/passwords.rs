//! Hashes passwords in no time, and counts how often: so a test can see that a wrong address and a wrong password
//! cost the same without looking at a clock.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use domain::sign_in::PasswordHash;
use ports::{PasswordHasher, passwords::HasherError};
use secrecy::{ExposeSecret, SecretString};

/// The fake of this port.
pub type Fake = QuickPasswords;

const LEAD: &str = "$quick$";

/// Not a password hash: a salted checksum.
#[derive(Debug, Default)]
pub struct QuickPasswords {
    salts: AtomicU64,
    work: AtomicU64,
}

impl QuickPasswords {
    /// How often the slow work of hashing was done.
    pub fn work(&self) -> u64 {
        self.work.load(Ordering::SeqCst)
    }

    fn digest(&self, password: &SecretString, salt: u64) -> PasswordHash {
        self.work.fetch_add(1, Ordering::SeqCst);
        let mut hasher = DefaultHasher::new();
        (salt, password.expose_secret()).hash(&mut hasher);
        PasswordHash::new(format!("{LEAD}{salt}${:016x}", hasher.finish()))
    }
}

#[async_trait]
impl PasswordHasher for QuickPasswords {
    async fn hash(&self, password: &SecretString) -> Result<PasswordHash, HasherError> {
        let salt = self.salts.fetch_add(1, Ordering::SeqCst);
        Ok(self.digest(password, salt))
    }

    async fn verify(
        &self,
        password: &SecretString,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, HasherError> {
        let Some(hash) = hash else {
            self.digest(password, u64::MAX);
            return Ok(false);
        };
        let salt = hash
            .as_str()
            .strip_prefix(LEAD)
            .and_then(|rest| rest.split_once('$')?.0.parse().ok())
            .ok_or(HasherError::Unreadable)?;
        Ok(self.digest(password, salt) == *hash)
    }
}
