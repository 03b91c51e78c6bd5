//! Argon2id, off the threads that serve requests, a few at a time.
//!
//! One hash takes 19 MiB and some tens of milliseconds of a core. Sign-in is open to everybody, so what strangers can
//! set going is bounded: few hashes run at once, some more wait, and beyond that callers are told to come again.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{Error, PasswordHasher as _, PasswordVerifier as _, phc},
};
use async_trait::async_trait;
use domain::sign_in::PasswordHash;
use ports::{Entropy, PasswordHasher, passwords::HasherError};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// Hashes that run at once: 2 times 19 MiB.
const AT_ONCE: usize = 2;
/// Callers that run or wait, at most.
const WAITING: usize = 64;
const SALT: usize = 16;

/// What one hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Cost {
    /// OWASP's recommendation for Argon2id where memory is limited: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self {
            memory: 19_456,
            passes: 2,
            lanes: 1,
        }
    }
}

/// The real hasher.
pub struct Argon2Hasher {
    argon: Argon2<'static>,
    entropy: Arc<dyn Entropy>,
    places: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    /// Compared with where there is no hash: its work is the same, its password nobody knows.
    nobody: PasswordHash,
}

impl fmt::Debug for Argon2Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Argon2Hasher")
    }
}

impl Argon2Hasher {
    /// Makes the hash of nobody, so it takes as long as one hash.
    ///
    /// # Errors
    /// When the cost is not one that Argon2 knows.
    pub fn new(cost: Cost, entropy: Arc<dyn Entropy>) -> Result<Self, HasherError> {
        let params = Params::new(cost.memory, cost.passes, cost.lanes, None)
            .map_err(|error| HasherError::Unavailable(error.to_string()))?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash(&argon, &SecretString::from(entropy.token()), &salt(&*entropy))?;
        Ok(Self {
            argon,
            entropy,
            places: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::default(),
            nobody,
        })
    }

    /// Runs `work` in a place of its own, when there is one soon.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> Result<T, HasherError> + Send + 'static,
    ) -> Result<T, HasherError> {
        let turn = Turn::take(&self.waiting)?;
        let place = Arc::clone(&self.places)
            .acquire_owned()
            .await
            .map_err(|error| HasherError::Unavailable(error.to_string()))?;
        let argon = self.argon.clone();
        // The place is given back when the work is done, even if nobody waits for it any more.
        let done = tokio::task::spawn_blocking(move || {
            let _held = (turn, place);
            work(&argon)
        });
        done.await
            .map_err(|error| HasherError::Unavailable(error.to_string()))?
    }
}

/// One of those who run or wait.
struct Turn(Arc<AtomicUsize>);

impl Turn {
    fn take(waiting: &Arc<AtomicUsize>) -> Result<Self, HasherError> {
        let turn = Self(Arc::clone(waiting));
        if waiting.fetch_add(1, Ordering::SeqCst) >= WAITING {
            return Err(HasherError::Unavailable("too many sign-ins at once".into()));
        }
        Ok(turn)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn salt(entropy: &dyn Entropy) -> [u8; SALT] {
    let mut salt = [0; SALT];
    entropy.fill(&mut salt);
    salt
}

fn hash(
    argon: &Argon2<'static>,
    password: &SecretString,
    salt: &[u8; SALT],
) -> Result<PasswordHash, HasherError> {
    let hash: phc::PasswordHash = argon
        .hash_password_with_salt(password.expose_secret().as_bytes(), salt)
        .map_err(|error| HasherError::Unavailable(error.to_string()))?;
    Ok(PasswordHash::new(hash.to_string()))
}

fn verify(
    argon: &Argon2<'static>,
    password: &SecretString,
    stored: &PasswordHash,
) -> Result<bool, HasherError> {
    let stored = phc::PasswordHash::new(stored.as_str()).map_err(|_| HasherError::Unreadable)?;
    match argon.verify_password(password.expose_secret().as_bytes(), &stored) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(Error::OutOfMemory) => Err(HasherError::Unavailable("no memory".into())),
        Err(_) => Err(HasherError::Unreadable),
    }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &SecretString) -> Result<PasswordHash, HasherError> {
        let (password, salt) = (password.clone(), salt(&*self.entropy));
        self.run(move |argon| hash(argon, &password, &salt)).await
    }

    async fn verify(
        &self,
        password: &SecretString,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, HasherError> {
        let (password, known) = (password.clone(), hash.is_some());
        let stored = hash.unwrap_or(&self.nobody).clone();
        let right = self.run(move |argon| verify(argon, &password, &stored)).await?;
        Ok(right && known)
    }
}

#[cfg(test)]
mod tests {
    use testkit::fake::SeededEntropy;

    use super::*;

    #[tokio::test]
    async fn hashes_say_their_parameters_and_the_default_is_the_recommended_one() {
        let hasher = Argon2Hasher::new(Cost::default(), Arc::new(SeededEntropy::new(1))).unwrap();
        let hash = hasher
            .hash(&SecretString::from("a good one, this"))
            .await
            .unwrap();
        assert!(
            hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{}",
            hash.as_str()
        );
    }

    #[tokio::test]
    async fn more_than_can_wait_are_sent_away_and_the_others_get_through() {
        let cost = Cost {
            memory: 8,
            passes: 1,
            lanes: 1,
        };
        let hasher = Arc::new(Argon2Hasher::new(cost, Arc::new(SeededEntropy::new(1))).unwrap());
        let held = Arc::clone(&hasher.places)
            .acquire_many_owned(u32::try_from(AT_ONCE).unwrap())
            .await
            .unwrap();
        let guesses: Vec<_> = (0..WAITING + 10)
            .map(|_| {
                let hasher = Arc::clone(&hasher);
                tokio::spawn(async move { hasher.verify(&SecretString::from("x"), None).await })
            })
            .collect();
        while guesses.iter().filter(|guess| guess.is_finished()).count() < 10 {
            tokio::task::yield_now().await;
        }
        drop(held);
        let mut refused = 0;
        for guess in guesses {
            match guess.await.unwrap() {
                Ok(right) => assert!(!right),
                Err(HasherError::Unavailable(_)) => refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(refused, 10);
        assert_eq!(hasher.waiting.load(Ordering::SeqCst), 0);
    }
}
