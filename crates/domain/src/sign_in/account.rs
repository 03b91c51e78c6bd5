//! Accounts on their way in and back: sign-ups that wait for their address to be proved, forgotten passwords, and the
//! second factor as it is kept.

use std::{collections::BTreeSet, time::Duration};

use protocol::{Timestamp, UserId};

use super::{PasswordHash, TokenHash};
use crate::sealed::Sealed;

/// A sign-up waits this long for its address to be proved.
pub const SIGN_UP_LIFE: Duration = Duration::from_secs(24 * 3600);
/// Sign-ups that wait for one address; the oldest makes room.
pub const MOST_SIGN_UPS: usize = 5;
/// A link that sets a new password can be used for this long, once.
pub const RESET_LIFE: Duration = Duration::from_secs(3600);
/// Resets of one user that can be used at the same time; the oldest makes room.
pub const MOST_RESETS: usize = 5;
/// A right password is worth this long for the code that goes with it.
pub const CHALLENGE_LIFE: Duration = Duration::from_secs(5 * 60);
/// Wrong codes for one challenge.
pub const CHALLENGE_GUESSES: u32 = 5;
/// Recovery codes made at a time.
pub const RECOVERY_CODES: usize = 10;

/// A sign-up whose address is not proved yet. There is no user until it is: nobody can hold an address that is not
/// theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingSignUp {
    /// Of the token in the message.
    pub hash: TokenHash,
    /// Lower case.
    pub email: String,
    pub password: PasswordHash,
    /// Of the invitation that it came with.
    pub invitation: Option<TokenHash>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A one-use link that sets a new password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResetLink {
    pub hash: TokenHash,
    pub user: UserId,
    pub expires_at: Timestamp,
}

/// An authenticator of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    pub user: UserId,
    /// The shared secret.
    pub secret: Sealed,
    /// `None` until a first code was right; it counts from then on.
    pub confirmed_at: Option<Timestamp>,
    /// The newest step whose code was used; older ones and this one are refused.
    pub last_step: u64,
    /// Recovery codes that were not used yet.
    pub recovery: BTreeSet<TokenHash>,
}

/// Who may make an account by themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SignUpPolicy {
    /// Nobody: the operator makes accounts.
    Closed,
    /// Who has an invitation.
    #[default]
    InviteOnly,
    /// Everybody, of any domain or of those that are listed.
    Open,
}

impl SignUpPolicy {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::InviteOnly => "invite_only",
            Self::Open => "open",
        }
    }
}

/// Whether an address is of one of these domains; no domains = any.
#[must_use]
pub fn is_of_domain(email: &str, domains: &[String]) -> bool {
    let domain = email.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
    domains.is_empty() || domain.is_some_and(|domain| domains.iter().any(|one| one.to_lowercase() == domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_compared_as_a_whole() {
        let only = ["Example.org".to_owned()];
        assert!(is_of_domain("ana@example.ORG", &only) && is_of_domain("a@b", &[]));
        for other in [
            "ana@evil-example.org",
            "ana@x.example.org",
            "ana@example.org.evil.example",
            "example.org",
        ] {
            assert!(!is_of_domain(other, &only), "{other}");
        }
    }
}
