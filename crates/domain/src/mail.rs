//! Messages that the server writes: to whom, which one, and its words.
//!
//! What becomes a header is a type of its own that cannot hold a line break: an address is checked when it is made, and
//! subjects are constants. Words of users stand in the body alone, one line each.

use std::fmt;

use protocol::{Timestamp, api::Secret};

/// Longest address, bytes (RFC 5321).
const LONGEST_ADDRESS: usize = 254;
/// Longest part before the `@`, bytes.
const LONGEST_LOCAL: usize = 64;
/// Longest word of a user in a message, characters.
const LONGEST_WORD: usize = 100;

/// An e-mail address that can be written to. Printable ASCII without anything that means something in a header.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailAddress(String);

/// Why a text is no address that can be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an e-mail address such as ana@example.org")]
pub struct InvalidAddress;

impl MailAddress {
    /// Lower case, without blanks around it.
    ///
    /// # Errors
    /// For what is no address, and for quoted and international ones, which this server does not write to.
    pub fn read(text: &str) -> Result<Self, InvalidAddress> {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.split_once('@').ok_or(InvalidAddress)?;
        let atom = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
        let dotted = |part: &str, fits: fn(u8) -> bool| {
            part.split('.')
                .all(|label| !label.is_empty() && label.bytes().all(fits))
        };
        let label = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let fits = text.len() <= LONGEST_ADDRESS
            && local.len() <= LONGEST_LOCAL
            && dotted(local, atom)
            && dotted(domain, label)
            && domain
                .split('.')
                .all(|label| label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-'));
        fits.then_some(Self(text)).ok_or(InvalidAddress)
    }

    /// Whom messages come from where nothing else is said.
    #[must_use]
    pub fn of_this_machine() -> Self {
        Self("coordinator@localhost".to_owned())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A page of the web app with a token behind the `#`, which browsers keep to themselves: it reaches no log.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    page: String,
    token: Secret,
}

impl Link {
    /// `server` without a slash at its end; `path` with one at its start.
    #[must_use]
    pub fn new(server: &str, path: &'static str, token: Secret) -> Self {
        Self {
            page: format!("{}{path}", line(server, usize::MAX)),
            token,
        }
    }

    /// The token, for tests that play the reader of the message.
    #[must_use]
    pub fn token(&self) -> &Secret {
        &self.token
    }

    fn text(&self) -> String {
        format!("{}#token={}", self.page, self.token.expose())
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#..", self.page)
    }
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Letter {
    /// Somebody signed up with this address: the link proves that they read its mail.
    VerifyEmail { link: Link },
    /// Somebody signed up with an address that has an account. `server` is where one signs in.
    AlreadyRegistered { server: String },
    /// A new password is asked for.
    ResetPassword { link: Link },
    /// The password was changed by a reset.
    PasswordChanged { server: String },
    /// The second factor was set up or removed.
    SecondFactorChanged { on: bool, server: String },
    /// Somebody is asked into an organisation.
    Invitation {
        organisation: String,
        invited_by: String,
        link: Link,
    },
}

impl Letter {
    /// A word for logs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::VerifyEmail { .. } => "verify_email",
            Self::AlreadyRegistered { .. } => "already_registered",
            Self::ResetPassword { .. } => "reset_password",
            Self::PasswordChanged { .. } => "password_changed",
            Self::SecondFactorChanged { .. } => "second_factor_changed",
            Self::Invitation { .. } => "invitation",
        }
    }

    #[must_use]
    pub fn subject(&self) -> &'static str {
        match self {
            Self::VerifyEmail { .. } => "Confirm your e-mail address",
            Self::AlreadyRegistered { .. } => "You already have an account",
            Self::ResetPassword { .. } => "Set a new password",
            Self::PasswordChanged { .. } => "Your password was changed",
            Self::SecondFactorChanged { on: true, .. } => "Signing in takes a code from now on",
            Self::SecondFactorChanged { on: false, .. } => "Signing in takes no code any more",
            Self::Invitation { .. } => "You are invited to an organisation",
        }
    }

    /// Plain text, lines ended by a line feed.
    #[must_use]
    pub fn body(&self) -> Secret {
        let text = match self {
            Self::VerifyEmail { link } => format!(
                "Somebody, probably you, signed up to agent-coordinator with this address.\n\n\
                 To confirm it, open this link within 24 hours and enter the password that you chose:\n\n{}\n\n\
                 If it was not you, do nothing: without the link there is no account.\n",
                link.text()
            ),
            Self::AlreadyRegistered { server } => format!(
                "Somebody, probably you, signed up to agent-coordinator with this address. It has an account already;\n\
                 nothing was changed.\n\n\
                 Sign in, or set a new password, here:\n\n{}/sign-in\n\n\
                 If it was not you, do nothing.\n",
                line(server, usize::MAX)
            ),
            Self::ResetPassword { link } => format!(
                "Somebody, probably you, asked for a new password for the account of this address.\n\n\
                 To set it, open this link within an hour. It works once and signs all your browsers out:\n\n{}\n\n\
                 If it was not you, do nothing: the password stays as it is.\n",
                link.text()
            ),
            Self::PasswordChanged { server } => format!(
                "The password of the account of this address was set anew with a link that was sent here, and all its\n\
                 browsers were signed out.\n\n\
                 If it was not you, somebody else reads your mail: see to that first, then set another password here:\n\n\
                 {}/reset\n",
                line(server, usize::MAX)
            ),
            Self::SecondFactorChanged { on, server } => format!(
                "{}\n\nIf it was not you, set a new password and look at your security settings here:\n\n{}/sign-in\n",
                if *on {
                    "Signing in to the account of this address takes a code of an authenticator from now on."
                } else {
                    "Signing in to the account of this address takes no code of an authenticator any more."
                },
                line(server, usize::MAX)
            ),
            Self::Invitation {
                organisation,
                invited_by,
                link,
            } => format!(
                "{} invites you to the organisation {} on agent-coordinator.\n\n\
                 To accept, open this link. It works once:\n\n{}\n\n\
                 If you don't know them, do nothing.\n",
                line(invited_by, LONGEST_WORD),
                line(organisation, LONGEST_WORD),
                link.text()
            ),
        };
        Secret::new(text)
    }
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Random; names the message to mail servers and in the outbox.
    pub id: u128,
    pub at: Timestamp,
    pub to: MailAddress,
    pub letter: Letter,
}

/// One line of a user's words: nothing that breaks it.
fn line(text: &str, longest: usize) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(longest)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_cannot_hold_what_means_something_in_a_header() {
        for good in [
            "ana@example.org",
            " Ana.B+x@Example.org ",
            "o'neil@a-b.example",
            "root@localhost",
        ] {
            let address = MailAddress::read(good).unwrap();
            assert_eq!(address.as_str(), good.trim().to_lowercase());
        }
        let long = format!("{}@example.org", "x".repeat(65));
        for bad in [
            "",
            "ana",
            "@example.org",
            "ana@",
            "a@b@c",
            "ana@example.org\r\nBcc: eve@example.org",
            "ana@example.org\nx",
            "ana@exa mple.org",
            "ana <ana@example.org>",
            "ana@example.org,eve@example.org",
            "\"a b\"@example.org",
            ".ana@example.org",
            "a..b@example.org",
            "ana@-example.org",
            "ana@example..org",
            "ana@[127.0.0.1]",
            "änä@example.org",
            "ana@bücher.example",
            "ana@example.org\0",
            long.as_str(),
        ] {
            assert_eq!(MailAddress::read(bad), Err(InvalidAddress), "{bad:?}");
        }
    }

    #[test]
    fn links_keep_their_token_in_the_fragment_and_out_of_debug() {
        let link = Link::new("https://agents.example.org", "/reset", Secret::new("tok"));
        let letter = Letter::ResetPassword { link };
        assert!(
            letter
                .body()
                .expose()
                .contains("\nhttps://agents.example.org/reset#token=tok\n")
        );
        assert!(!format!("{letter:?}").contains("tok"), "{letter:?}");
    }

    #[test]
    fn words_of_users_stay_on_their_line() {
        let letter = Letter::Invitation {
            organisation: "acme\r\n.\r\nEvil".into(),
            invited_by: "x".repeat(500),
            link: Link::new("https://h", "/join", Secret::new("t")),
        };
        let body = letter.body();
        assert!(body.expose().contains("acme  .  Evil"), "{}", body.expose());
        assert!(body.expose().lines().all(|line| line.len() < 300 && line != "."));
        assert!(!body.expose().contains('\r'));
    }
}
