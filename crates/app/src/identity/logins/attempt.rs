//! Attempts that are at a provider. In memory: a restart forgets, and people begin again.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::sign_in::{ATTEMPT_LIFE, ProviderId, TokenHash, network};
use protocol::{Timestamp, UserId, api::Secret};

/// Attempts kept at most; the oldest goes.
const MOST: usize = 20_000;
/// Begun from one network: nobody pushes all others out from a single place.
const MOST_OF_ONE: usize = 500;

/// What an attempt is for.
#[derive(Debug, Clone)]
pub(super) enum Purpose {
    /// Signing in, or up; then perhaps with an invitation.
    SignIn { invitation: Option<TokenHash> },
    /// Linking the identity to this user, in this browser session.
    Link { user: UserId, browser: TokenHash },
}

#[derive(Debug, Clone)]
pub(super) struct Attempt {
    pub(super) provider: ProviderId,
    /// Of the cookie that the browser was given.
    pub(super) cookie: TokenHash,
    pub(super) purpose: Purpose,
    /// A path of this server.
    pub(super) return_to: String,
    pub(super) nonce: Secret,
    pub(super) verifier: Secret,
    pub(super) from: Option<IpAddr>,
    pub(super) began_at: Timestamp,
}

/// Attempts by the hash of their state.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<TokenHash, Attempt>>);

impl Attempts {
    fn lock(&self) -> MutexGuard<'_, HashMap<TokenHash, Attempt>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn begin(&self, state: TokenHash, attempt: Attempt) {
        let now = attempt.began_at;
        let mut all = self.lock();
        let same = all
            .values()
            .filter(|known| network(known.from) == network(attempt.from))
            .count();
        if same >= MOST_OF_ONE || all.len() >= MOST {
            all.retain(|_, known| is_open(known, now));
            let here = network(attempt.from);
            let only_here = all.values().filter(|known| network(known.from) == here).count() >= MOST_OF_ONE;
            let oldest = all
                .iter()
                .filter(|(_, known)| !only_here || network(known.from) == here)
                .min_by_key(|(_, known)| known.began_at)
                .map(|(state, _)| *state);
            if (only_here || all.len() >= MOST)
                && let Some(oldest) = oldest
            {
                all.remove(&oldest);
            }
        }
        all.insert(state, attempt);
    }

    /// Uses an attempt up, whoever has its state; it counts if it is open still.
    pub(super) fn take(&self, state: TokenHash, now: Timestamp) -> Option<Attempt> {
        self.lock().remove(&state).filter(|known| is_open(known, now))
    }
}

fn is_open(attempt: &Attempt, now: Timestamp) -> bool {
    now < attempt.began_at.after(ATTEMPT_LIFE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(n: u32) -> TokenHash {
        TokenHash::of(&n.to_string())
    }

    fn attempt(place: u8, at: i64) -> Attempt {
        Attempt {
            provider: "corp".parse().unwrap(),
            cookie: TokenHash::of("cookie"),
            purpose: Purpose::SignIn { invitation: None },
            return_to: "/".into(),
            nonce: Secret::new("nonce"),
            verifier: Secret::new("verifier"),
            from: Some(IpAddr::from([192, 0, 2, place])),
            began_at: Timestamp::from_ms(at),
        }
    }

    #[test]
    fn an_attempt_is_finished_once_and_in_time() {
        let all = Attempts::default();
        all.begin(state(1), attempt(1, 0));
        assert!(all.take(state(2), Timestamp::from_ms(1)).is_none());
        assert!(all.take(state(1), Timestamp::from_ms(1)).is_some());
        assert!(all.take(state(1), Timestamp::from_ms(1)).is_none());
        all.begin(state(3), attempt(1, 0));
        let end = Timestamp::from_ms(0).after(ATTEMPT_LIFE);
        assert!(all.take(state(3), end).is_none());
    }

    #[test]
    fn one_network_pushes_nobody_else_out() {
        let all = Attempts::default();
        all.begin(state(1), attempt(1, 0));
        for n in 0..1000 {
            all.begin(state(100 + n), attempt(2, i64::from(n) + 1));
        }
        assert_eq!(all.lock().len(), 1 + MOST_OF_ONE);
        let now = Timestamp::from_ms(2000);
        assert!(all.take(state(1), now).is_some());
        assert!(all.take(state(100), now).is_none() && all.take(state(1099), now).is_some());
    }
}
