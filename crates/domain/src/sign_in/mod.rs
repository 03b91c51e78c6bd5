//! People signing in: browser sessions, one-use links and passwords; how long they last and what is refused.
//!
//! Tokens are 256 random bits, so their SHA-256 is enough to keep; passwords are chosen by people and are kept as
//! slow hashes, made by the `PasswordHasher` port.

mod account;
mod device;
mod federated;
mod password;

use std::{fmt, time::Duration};

use protocol::{BrowserId, OrgId, Timestamp, UserId};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

pub use account::{
    CHALLENGE_GUESSES, CHALLENGE_LIFE, MOST_RESETS, MOST_SIGN_UPS, PendingSignUp, RECOVERY_CODES, RESET_LIFE,
    ResetLink, SIGN_UP_LIFE, SecondFactor, SignUpPolicy, is_of_domain,
};
pub use device::{Device, network};
pub use federated::{
    ATTEMPT_LIFE, InvalidProviderId, LONGEST_NAME, LONGEST_SUBJECT, LinkedIdentity, MOST_IDENTITIES,
    NotAdmitted, ProviderId, ProviderKind, ProviderRules, VerifiedIdentity, local_path,
};
pub use password::{LONGEST_PASSWORD, SHORTEST_PASSWORD, WeakPassword, check_password};

use crate::tenancy::{Organisation, Role, User};

/// A browser session ends this long after it began, whatever happens.
pub const SESSION_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);
/// A browser session that is not used for this long ends.
pub const SESSION_IDLE: Duration = Duration::from_secs(7 * 24 * 3600);
/// The last use of a browser session is noted at most this often.
pub const SEEN_EVERY: Duration = Duration::from_secs(5 * 60);
/// Browser sessions of one user; the one unused for longest makes room.
pub const MOST_SESSIONS: usize = 50;
/// A link that signs in can be used for this long, once.
pub const LINK_LIFE: Duration = Duration::from_secs(24 * 3600);
/// For this long after a link opened it, a browser session may replace a password without knowing it.
pub const LINK_TRUST: Duration = Duration::from_secs(15 * 60);

/// How the secret of a browser session or a link is kept: SHA-256 of its text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(crate::session::hash_secret(token))
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(..)")
    }
}

/// A password as it is kept: a PHC string with its parameters and its salt.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    #[must_use]
    pub fn new(phc: impl Into<String>) -> Self {
        Self(phc.into())
    }

    /// For the store and the hasher alone.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// One browser in which a user is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserSession {
    pub hash: TokenHash,
    /// What its owner calls it by; opens nothing.
    pub id: BrowserId,
    pub user: UserId,
    /// The organisation that is shown first: that of the link it was opened with.
    pub org: Option<OrgId>,
    /// Opened by a link, not by a password.
    pub by_link: bool,
    /// As it was when it signed in.
    pub device: Device,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
}

impl BrowserSession {
    /// Whether it opens anything at this time.
    #[must_use]
    pub fn is_valid(&self, now: Timestamp) -> bool {
        now < self.created_at.after(SESSION_LIFE) && now < self.last_seen_at.after(SESSION_IDLE)
    }

    /// Whether whoever is at it has just proved by a link who they are.
    #[must_use]
    pub fn is_fresh_from_link(&self, now: Timestamp) -> bool {
        self.by_link && now < self.created_at.after(LINK_TRUST)
    }
}

/// A one-use link that signs a user in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInLink {
    pub hash: TokenHash,
    pub user: UserId,
    pub org: OrgId,
    pub expires_at: Timestamp,
}

/// A user's place in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub organisation: Organisation,
    pub role: Role,
}

/// A browser session with whom it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserIdentity {
    pub session: BrowserSession,
    pub user: User,
    /// Oldest organisation first.
    pub memberships: Vec<Membership>,
}

/// What a request made in the name of a browser session has to carry: only a page that the server gave the cookie's
/// owner knows it. Derived, so it needs no place of its own.
#[must_use]
pub fn csrf_token(session_token: &str) -> String {
    let digest = Sha256::new()
        .chain_update(b"coordinator csrf token v1\0")
        .chain_update(session_token.as_bytes())
        .finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a request carries the CSRF token of its browser session.
#[must_use]
pub fn is_csrf_token(session_token: &str, given: &str) -> bool {
    csrf_token(session_token)
        .as_bytes()
        .ct_eq(given.as_bytes())
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(by_link: bool) -> BrowserSession {
        BrowserSession {
            hash: TokenHash::of("t"),
            id: BrowserId::from_bits(1),
            user: UserId::from_bits(1),
            org: None,
            by_link,
            device: Device::default(),
            created_at: Timestamp::from_ms(0),
            last_seen_at: Timestamp::from_ms(0),
        }
    }

    fn after(span: Duration) -> Timestamp {
        Timestamp::from_ms(0).after(span)
    }

    #[test]
    fn a_browser_session_ends_by_age_and_by_idleness() {
        let mut used = session(false);
        assert!(used.is_valid(after(SESSION_IDLE - Duration::from_millis(1))));
        assert!(!used.is_valid(after(SESSION_IDLE)));
        used.last_seen_at = after(SESSION_LIFE - Duration::from_secs(1));
        assert!(used.is_valid(after(SESSION_LIFE - Duration::from_millis(1))));
        assert!(!used.is_valid(after(SESSION_LIFE)));
    }

    #[test]
    fn only_a_link_gives_trust_and_only_for_a_while() {
        assert!(session(true).is_fresh_from_link(after(Duration::from_secs(60))));
        assert!(!session(true).is_fresh_from_link(after(LINK_TRUST)));
        assert!(!session(false).is_fresh_from_link(after(Duration::ZERO)));
    }

    #[test]
    fn the_csrf_token_tells_nothing_of_the_session_and_fits_no_other() {
        let token = csrf_token("secret");
        assert!(is_csrf_token("secret", &token));
        assert!(!is_csrf_token("other", &token) && !is_csrf_token("secret", ""));
        assert_ne!(token, csrf_token("secret "));
    }

    #[test]
    fn nothing_kept_shows_itself() {
        let text = format!("{:?} {:?}", session(true), PasswordHash::new("$argon2id$x"));
        assert!(
            !text.contains("argon2") && text.contains("TokenHash(..)"),
            "{text}"
        );
    }
}
