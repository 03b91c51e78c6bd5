//! Signing in through somebody else: providers that vouch for people, and what is made of their word.
//!
//! An identity is what the provider calls a person: issuer and subject. An e-mail address is never one; it changes
//! hands, and a provider that lies about it would otherwise open anybody's account.

use std::{fmt, str::FromStr, time::Duration};

use protocol::{IdentityId, Timestamp, UserId};

use super::{SignUpPolicy, is_of_domain};
use crate::mail::MailAddress;

/// An attempt to sign in through a provider can be finished for this long, once.
pub const ATTEMPT_LIFE: Duration = Duration::from_secs(10 * 60);
/// Identities of one user.
pub const MOST_IDENTITIES: usize = 10;
/// Longest subject that is taken, bytes (OpenID Connect Core 1.0, section 2: 255 ASCII characters).
pub const LONGEST_SUBJECT: usize = 255;
/// Longest name of a person that is kept, characters.
pub const LONGEST_NAME: usize = 100;
/// Longest path that a sign-in leads back to, bytes.
const LONGEST_PATH: usize = 512;
/// Google, which alone among issuers says of each person whether an organisation of its customers manages them.
const GOOGLE: &str = "https://accounts.google.com";

/// What a provider is called in addresses: 1 to 32 lower-case letters, digits and dashes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderId(String);

/// Why a text is no name of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 1 to 32 lower-case letters, digits or dashes, beginning with a letter")]
pub struct InvalidProviderId;

impl ProviderId {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProviderId {
    type Err = InvalidProviderId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = (1..=32).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        fits.then(|| Self(text.to_owned())).ok_or(InvalidProviderId)
    }
}

impl fmt::Debug for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a provider is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderKind {
    /// OpenID Connect, with discovery.
    Oidc,
    /// GitHub's OAuth and its API.
    Github,
}

impl ProviderKind {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::Github => "github",
        }
    }
}

/// A provider as people and rules see it; how it is reached is the adapter's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderRules {
    pub id: ProviderId,
    /// On the button.
    pub name: String,
    pub kind: ProviderKind,
    /// Instead of the server's own; `None` = that.
    pub sign_up: Option<SignUpPolicy>,
    /// Domains of e-mail addresses that may come in this way; empty = any.
    pub domains: Vec<String>,
    /// Organisations at the provider of which one has to be a member; empty = none needed.
    pub organisations: Vec<String>,
}

/// Whom a provider vouches for, once its word was checked.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedIdentity {
    pub issuer: String,
    pub subject: String,
    /// `None` when the provider tells none that can be written to.
    pub email: Option<MailAddress>,
    /// Whether the provider says that the person reads mail to that address.
    pub email_verified: bool,
    pub name: Option<String>,
    /// The customer's domain at Google.
    pub hosted_domain: Option<String>,
    /// At GitHub; asked for where the rules need them.
    pub organisations: Vec<String>,
}

impl fmt::Debug for VerifiedIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedIdentity")
            .field("issuer", &self.issuer)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

impl VerifiedIdentity {
    /// The address, if the provider vouches for it.
    #[must_use]
    pub fn verified_email(&self) -> Option<&MailAddress> {
        self.email.as_ref().filter(|_| self.email_verified)
    }
}

/// An identity that signs a user in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedIdentity {
    pub id: IdentityId,
    pub user: UserId,
    /// Through which it was linked.
    pub provider: ProviderId,
    pub issuer: String,
    pub subject: String,
    /// As the provider said last; opens nothing.
    pub email: Option<String>,
    pub name: Option<String>,
    pub linked_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// Why a provider's word is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    #[error("this way in is for people whose provider vouches for their e-mail address")]
    Unverified,
    #[error("this way in is for other e-mail domains")]
    Domain,
    #[error("this way in is for members of certain organisations at the provider, which you are not")]
    Organisation,
}

impl ProviderRules {
    /// Whether the rules let this person in, each time they come.
    ///
    /// # Errors
    /// Says which rule does not.
    pub fn admit(&self, who: &VerifiedIdentity) -> Result<(), NotAdmitted> {
        if !self.domains.is_empty() {
            let email = who.verified_email().ok_or(NotAdmitted::Unverified)?;
            let listed = |domain: &str| self.domains.iter().any(|one| one.eq_ignore_ascii_case(domain));
            let managed = match &who.hosted_domain {
                Some(domain) => listed(domain),
                // A private Google account can have been made with any address that its owner once read.
                None => who.issuer != GOOGLE,
            };
            if !is_of_domain(email.as_str(), &self.domains) || !managed {
                return Err(NotAdmitted::Domain);
            }
        }
        let member = |one: &String| who.organisations.iter().any(|of| of.eq_ignore_ascii_case(one));
        if !self.organisations.is_empty() && !self.organisations.iter().any(member) {
            return Err(NotAdmitted::Organisation);
        }
        Ok(())
    }
}

/// Where a sign-in leads back to: a path of this server, or `/` for anything else. Browsers read `//host`, `/\host` and
/// addresses with control characters in them as other hosts.
#[must_use]
pub fn local_path(text: &str) -> &str {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'`'));
    let rooted = text.starts_with('/') && !text.starts_with("//");
    if plain && rooted && text.len() <= LONGEST_PATH {
        text
    } else {
        "/"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> ProviderRules {
        ProviderRules {
            id: "corp".parse().unwrap(),
            name: "Corp".into(),
            kind: ProviderKind::Oidc,
            sign_up: None,
            domains: Vec::new(),
            organisations: Vec::new(),
        }
    }

    fn who() -> VerifiedIdentity {
        VerifiedIdentity {
            issuer: "https://login.example.org".into(),
            subject: "1".into(),
            email: Some(MailAddress::read("ana@example.org").unwrap()),
            email_verified: true,
            name: None,
            hosted_domain: None,
            organisations: Vec::new(),
        }
    }

    #[test]
    fn names_of_providers_are_fit_for_addresses() {
        for good in ["google", "a", "corp-2"] {
            assert_eq!(good.parse::<ProviderId>().unwrap().as_str(), good);
        }
        let long = "a".repeat(33);
        for bad in ["", "Google", "2fa", "-a", "a/b", "a_b", "ä", long.as_str()] {
            assert!(bad.parse::<ProviderId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn domains_need_an_address_that_is_vouched_for() {
        let only = ProviderRules {
            domains: vec!["Example.org".into()],
            ..rules()
        };
        only.admit(&who()).unwrap();
        let unverified = VerifiedIdentity {
            email_verified: false,
            ..who()
        };
        assert_eq!(only.admit(&unverified), Err(NotAdmitted::Unverified));
        rules().admit(&unverified).unwrap();
        let other = VerifiedIdentity {
            email: Some(MailAddress::read("ana@example.org.evil.example").unwrap()),
            ..who()
        };
        assert_eq!(only.admit(&other), Err(NotAdmitted::Domain));
    }

    #[test]
    fn at_google_the_customer_counts_and_not_the_address_alone() {
        let only = ProviderRules {
            domains: vec!["example.org".into()],
            ..rules()
        };
        let private = VerifiedIdentity {
            issuer: GOOGLE.into(),
            ..who()
        };
        assert_eq!(only.admit(&private), Err(NotAdmitted::Domain));
        for (domain, outcome) in [
            ("example.org", Ok(())),
            ("other.example", Err(NotAdmitted::Domain)),
        ] {
            let hosted = VerifiedIdentity {
                hosted_domain: Some(domain.into()),
                ..private.clone()
            };
            assert_eq!(only.admit(&hosted), outcome);
        }
    }

    #[test]
    fn one_organisation_of_the_list_is_enough() {
        let only = ProviderRules {
            organisations: vec!["acme".into(), "globex".into()],
            ..rules()
        };
        assert_eq!(only.admit(&who()), Err(NotAdmitted::Organisation));
        let member = VerifiedIdentity {
            organisations: vec!["x".into(), "Globex".into()],
            ..who()
        };
        only.admit(&member).unwrap();
    }

    #[test]
    fn only_paths_of_this_server_are_led_back_to() {
        for good in ["/", "/sessions", "/settings/profile?tab=1#x", "/a//b"] {
            assert_eq!(local_path(good), good);
        }
        let long = format!("/{}", "a".repeat(LONGEST_PATH));
        for bad in [
            "",
            "sessions",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n/evil.example",
            " /sessions",
            "/ä",
            "/a\u{0}",
            long.as_str(),
        ] {
            assert_eq!(local_path(bad), "/", "{bad:?}");
        }
    }
}
