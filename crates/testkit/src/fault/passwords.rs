//! Faults of the password hasher.

use async_trait::async_trait;
use domain::sign_in::PasswordHash;
use ports::{PasswordHasher, passwords::HasherError};
use secrecy::SecretString;

use super::{Fault, strike};

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "hash_unavailable",
        injects: "no password can be hashed now",
        outcome: "setting a password fails as unavailable; the old one stays and nobody is signed out",
    },
    Fault {
        name: "verify_unavailable",
        injects: "no password can be compared now",
        outcome: "sign-in fails as unavailable: not let in, not told that the password is wrong, not counted as a guess",
    },
    Fault {
        name: "unreadable",
        injects: "the stored hash is not one that this build understands",
        outcome: "sign-in fails with a stated cause in the log; nobody is let in",
    },
];

super::decorator!("passwords", ports::PasswordHasher);

#[async_trait]
impl PasswordHasher for Faulty {
    async fn hash(&self, password: &SecretString) -> Result<PasswordHash, HasherError> {
        strike!(
            self,
            "hash_unavailable",
            HasherError::Unavailable("injected".into())
        );
        self.inner.hash(password).await
    }

    async fn verify(
        &self,
        password: &SecretString,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, HasherError> {
        strike!(
            self,
            "verify_unavailable",
            HasherError::Unavailable("injected".into())
        );
        strike!(self, "unreadable", HasherError::Unreadable);
        self.inner.verify(password, hash).await
    }
}
