//! Slow hashing of passwords.

use async_trait::async_trait;
use domain::sign_in::PasswordHash;
use secrecy::SecretString;

/// Why a password could not be hashed or compared. Says nothing about it.
#[derive(Debug, thiserror::Error)]
pub enum HasherError {
    /// Too many others wait, or there is no memory for it now.
    #[error("passwords cannot be hashed now: {0}")]
    Unavailable(String),
    /// What is stored is no hash that this build understands.
    #[error("the stored password hash cannot be read")]
    Unreadable,
}

/// Hashes passwords at a cost that makes guessing expensive. How much of it happens at the same time is bounded, and
/// none of it on the threads that serve requests.
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// A new hash with a salt of its own.
    async fn hash(&self, password: &SecretString) -> Result<PasswordHash, HasherError>;

    /// Whether this is the password. Without a hash there is nothing to be right about: it is false after the same
    /// work, so that the time says nothing about whether there is such a user.
    async fn verify(&self, password: &SecretString, hash: Option<&PasswordHash>)
    -> Result<bool, HasherError>;
}
