//! Right passwords, and identities that a provider vouched for, that wait for the code that goes with them. In memory: a restart forgets, and people sign in again.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::{
    sign_in::{BrowserSession, CHALLENGE_GUESSES, CHALLENGE_LIFE, Device, PasswordHash, TokenHash},
    totp::Code,
};
use ports::{idempotency::Written, identity::Said};
use protocol::{
    IdentityId, ProblemCode, Timestamp, UserId,
    api::{SecondFactorNeeded, SecondFactorSignIn, Secret},
};

use super::sign_in::{NewBrowser, failed};
use crate::{App, AppError};

/// Challenges kept at most; the oldest goes.
const MOST: usize = 10_000;
/// Of one user: whoever knows a password cannot push the others out.
const MOST_OF_ONE: usize = 5;

/// What came before the code; the session opens only while it still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verified {
    Password(PasswordHash),
    Identity(IdentityId, Said),
}

#[derive(Debug, Clone)]
struct Challenge {
    user: UserId,
    verified: Verified,
    expires_at: Timestamp,
    guesses: u32,
}

/// Challenges by the hash of their token.
#[derive(Debug, Default)]
pub(crate) struct Challenges(Mutex<HashMap<TokenHash, Challenge>>);

impl Challenges {
    fn lock(&self) -> MutexGuard<'_, HashMap<TokenHash, Challenge>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn issue(&self, hash: TokenHash, user: UserId, verified: Verified, now: Timestamp) -> Timestamp {
        let expires_at = now.after(CHALLENGE_LIFE);
        let mut all = self.lock();
        all.retain(|_, known| now < known.expires_at);
        let mut own: Vec<_> = all
            .iter()
            .filter(|(_, known)| known.user == user)
            .map(|(hash, known)| (known.expires_at, *hash))
            .collect();
        own.sort();
        for (_, hash) in own.iter().take((own.len() + 1).saturating_sub(MOST_OF_ONE)) {
            all.remove(hash);
        }
        if all.len() >= MOST
            && let Some(oldest) = all
                .iter()
                .min_by_key(|(_, known)| known.expires_at)
                .map(|(hash, _)| *hash)
        {
            all.remove(&oldest);
        }
        all.insert(
            hash,
            Challenge {
                user,
                verified,
                expires_at,
                guesses: 0,
            },
        );
        expires_at
    }

    /// Counts a guess before it is judged; the one after the last finds nothing.
    fn guess(&self, hash: TokenHash, now: Timestamp) -> Option<(UserId, Verified)> {
        let mut all = self.lock();
        let known = all.get_mut(&hash)?;
        if now >= known.expires_at || known.guesses >= CHALLENGE_GUESSES {
            all.remove(&hash);
            return None;
        }
        known.guesses += 1;
        Some((known.user, known.verified.clone()))
    }

    /// The guess could not be judged.
    fn take_back(&self, hash: TokenHash) {
        if let Some(known) = self.lock().get_mut(&hash) {
            known.guesses = known.guesses.saturating_sub(1);
        }
    }

    /// Uses it up; true for one caller alone.
    fn spend(&self, hash: TokenHash) -> bool {
        self.lock().remove(&hash).is_some()
    }
}

impl App {
    /// For a user who has a second factor.
    pub(super) fn challenge(&self, user: UserId, verified: Verified) -> SecondFactorNeeded {
        let token = self.ports().entropy.token();
        let expires_at = self
            .accounts()
            .challenges
            .issue(TokenHash::of(&token), user, verified, self.now());
        SecondFactorNeeded {
            second_factor: true,
            challenge: Secret::new(token),
            expires_at,
        }
    }

    /// Signs in with the code that a challenge asks for: six digits, or a recovery code. Each works once.
    ///
    /// # Errors
    /// `second_factor_failed` for wrong and used codes and for challenges that are over; `rate_limited` after too many
    /// wrong codes for this user.
    pub async fn sign_in_with_code(
        &self,
        body: SecondFactorSignIn,
        device: Device,
    ) -> Result<NewBrowser, AppError> {
        let now = self.now();
        let challenges = &self.accounts().challenges;
        let hash = TokenHash::of(body.challenge.expose().trim());
        let (user, verified) = challenges.guess(hash, now).ok_or_else(not_accepted)?;
        let identity = &self.ports().identity;
        let person = identity.lookup_user(user).await?.ok_or_else(failed)?;
        match self.is_right_code(user, body.code.expose()).await {
            Ok(true) => {}
            Ok(false) => {
                self.note_failed_sign_in(&person, device.address);
                return Err(not_accepted());
            }
            Err(error) => {
                challenges.take_back(hash);
                return Err(error);
            }
        }
        if !challenges.spend(hash) {
            return Err(not_accepted());
        }
        let memberships = identity.list_memberships(user).await?;
        self.note_person(&person, &memberships, device.address, "user.sign_in")
            .await?;
        let (token, session) = self.new_session(user, now, false, device);
        match self.open_verified(session, verified).await? {
            Written::Done => self.signed_in(token).await,
            // The password was changed meanwhile, or the identity taken away.
            _ => Err(failed()),
        }
    }

    async fn open_verified(&self, session: BrowserSession, verified: Verified) -> Result<Written, AppError> {
        let identity = &self.ports().identity;
        Ok(match verified {
            Verified::Password(hash) => identity.open_browser_session(session, hash).await?,
            Verified::Identity(id, said) => identity.open_federated_session(session, id, said).await?,
        })
    }

    /// Whether a code is right, and uses it up if so. Six digits are counted for the user, because there are so few of
    /// them; a recovery code cannot be guessed and always has its chance, so that nobody locks anybody out.
    pub(super) async fn is_right_code(&self, user: UserId, typed: &str) -> Result<bool, AppError> {
        match Code::read(typed, user) {
            None => Ok(false),
            Some(Code::Recovery(code)) => {
                let used = self.ports().identity.use_recovery_code(user, code).await?;
                Ok(used == Written::Done)
            }
            Some(Code::Totp(typed)) => {
                let accounts = self.accounts();
                accounts.code(user, self.now())?;
                match self.is_right_totp(user, &typed).await {
                    Ok(true) => {
                        accounts.code_was_right(user);
                        Ok(true)
                    }
                    Ok(false) => Ok(false),
                    Err(error) => {
                        accounts.code_taken_back(user);
                        Err(error)
                    }
                }
            }
        }
    }
}

pub(super) fn not_accepted() -> AppError {
    AppError::new(
        ProblemCode::SecondFactorFailed,
        "This code is wrong, was used, or came too late. Sign in again, or use a recovery code.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(n: u32) -> TokenHash {
        TokenHash::of(&n.to_string())
    }

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    fn issue(all: &Challenges, n: u32, user: u128, now: i64) {
        let verified = Verified::Password(PasswordHash::new("h"));
        all.issue(hash(n), UserId::from_bits(user), verified, at(now));
    }

    #[test]
    fn a_challenge_takes_five_guesses_in_five_minutes_and_is_spent_once() {
        let all = Challenges::default();
        issue(&all, 1, 1, 0);
        for _ in 0..CHALLENGE_GUESSES {
            assert!(all.guess(hash(1), at(1)).is_some());
        }
        assert!(all.guess(hash(1), at(1)).is_none() && !all.spend(hash(1)));
        issue(&all, 2, 1, 0);
        let end = at(0).after(CHALLENGE_LIFE);
        assert!(all.guess(hash(2), end).is_none());
        issue(&all, 3, 1, 0);
        assert!(all.spend(hash(3)) && !all.spend(hash(3)));
        assert!(all.guess(hash(3), at(1)).is_none());
        issue(&all, 4, 1, 0);
        for _ in 0..20 {
            assert!(all.guess(hash(4), at(1)).is_some());
            all.take_back(hash(4));
        }
    }

    #[test]
    fn one_user_pushes_nobody_out() {
        let all = Challenges::default();
        issue(&all, 1, 1, 0);
        for n in 0..20 {
            issue(&all, 100 + n, 2, i64::from(n) + 1);
        }
        assert!(all.guess(hash(1), at(30)).is_some());
        assert!(all.guess(hash(114), at(30)).is_none() && all.guess(hash(115), at(30)).is_some());
        assert_eq!(all.lock().len(), 1 + MOST_OF_ONE);
    }
}
