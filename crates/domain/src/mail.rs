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
        if text.chars().any(char::is_control) {
            return Err(InvalidAddress);
        }
        let text = fold(text);
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

/// An address as it is compared: lower case, without blanks around it. A letter that is not ASCII never becomes one that
/// is, as the Kelvin sign (U+212A) would become `k`: two people's addresses would be one.
#[must_use]
pub fn fold(address: &str) -> String {
    let lower = |c: char| -> Vec<char> {
        let lower: Vec<char> = c.to_lowercase().collect();
        let turns_ascii = !c.is_ascii() && lower.iter().any(char::is_ascii);
        if turns_ascii { vec![c] } else { lower }
    };
    address.trim().chars().flat_map(lower).collect()
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

    fn part(&self, label: &'static str) -> Part {
        Part::Page {
            label,
            address: format!("{}#token={}", self.page, self.token.expose()),
        }
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
    /// An identity at a provider signs in from now on, or does not any more.
    IdentityChanged {
        linked: bool,
        provider: String,
        server: String,
    },
    /// The operator looks whether messages arrive.
    Test { server: String },
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
            Self::IdentityChanged { .. } => "identity_changed",
            Self::Test { .. } => "test",
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
            Self::IdentityChanged { linked: true, .. } => "There is another way to sign in to your account",
            Self::IdentityChanged { linked: false, .. } => "A way to sign in to your account was taken away",
            Self::Test { .. } => "Messages of agent-coordinator arrive",
            Self::Invitation { .. } => "You are invited to an organisation",
        }
    }

    /// Plain text, lines ended by a line feed.
    #[must_use]
    pub fn body(&self) -> Secret {
        let parts: Vec<String> = self.parts().iter().map(Part::text).collect();
        Secret::new(parts.join("\n\n") + "\n")
    }

    /// The same as a page without pictures, scripts or anything else from elsewhere; lines ended by a line feed.
    #[must_use]
    pub fn html(&self) -> Secret {
        let parts: String = self.parts().iter().map(Part::html).collect();
        Secret::new(format!(
            "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n\
             <body style=\"font-family: sans-serif; line-height: 1.5; max-width: 40em\">\n{parts}</body>\n</html>\n",
            self.subject()
        ))
    }

    fn parts(&self) -> Vec<Part> {
        let words = |text: &str| Part::Words(text.to_owned());
        let page = |label, server: &str, path: &str| Part::Page {
            label,
            address: format!("{}{path}", line(server, usize::MAX)),
        };
        match self {
            Self::VerifyEmail { link } => vec![
                words("Somebody, probably you, signed up to agent-coordinator with this address."),
                words("To confirm it, open this link within 24 hours and enter the password that you chose:"),
                link.part("Confirm this address"),
                words("If it was not you, do nothing: without the link there is no account."),
            ],
            Self::AlreadyRegistered { server } => vec![
                words(
                    "Somebody, probably you, signed up to agent-coordinator with this address. It has an account already;\n\
                     nothing was changed.",
                ),
                words("Sign in, or set a new password, here:"),
                page("Sign in", server, "/sign-in"),
                words("If it was not you, do nothing."),
            ],
            Self::ResetPassword { link } => vec![
                words("Somebody, probably you, asked for a new password for the account of this address."),
                words(
                    "To set it, open this link within an hour. It works once and signs all your browsers out:",
                ),
                link.part("Set a new password"),
                words("If it was not you, do nothing: the password stays as it is."),
            ],
            Self::PasswordChanged { server } => vec![
                words(
                    "The password of the account of this address was set anew with a link that was sent here, and all its\n\
                     browsers were signed out.",
                ),
                words(
                    "If it was not you, somebody else reads your mail: see to that first, then set another password here:",
                ),
                page("Set another password", server, "/reset"),
            ],
            Self::SecondFactorChanged { on, server } => vec![
                words(if *on {
                    "Signing in to the account of this address takes a code of an authenticator from now on."
                } else {
                    "Signing in to the account of this address takes no code of an authenticator any more."
                }),
                words("If it was not you, set a new password and look at your security settings here:"),
                page("Sign in", server, "/sign-in"),
            ],
            Self::IdentityChanged {
                linked,
                provider,
                server,
            } => vec![
                Part::Words(format!(
                    "An identity at {} {} the account of this address.",
                    line(provider, LONGEST_WORD),
                    if *linked {
                        "signs in to"
                    } else {
                        "no longer signs in to"
                    },
                )),
                words("If it was not you, set a new password and look at your security settings here:"),
                page("Sign in", server, "/sign-in"),
            ],
            Self::Test { server } => vec![
                words("The operator of this server sent this message to see whether it arrives. It did:"),
                page("Open the server", server, "/"),
            ],
            Self::Invitation {
                organisation,
                invited_by,
                link,
            } => vec![
                Part::Words(format!(
                    "{} invites you to the organisation {} on agent-coordinator.",
                    line(invited_by, LONGEST_WORD),
                    line(organisation, LONGEST_WORD),
                )),
                words("To look at it and accept, open this link. It works once:"),
                link.part("Open the invitation"),
                words("If you don't know them, do nothing."),
            ],
        }
    }
}

/// A paragraph of a message.
enum Part {
    Words(String),
    /// An address on a line of its own.
    Page {
        label: &'static str,
        address: String,
    },
}

impl Part {
    fn text(&self) -> String {
        match self {
            Self::Words(words) => words.clone(),
            Self::Page { address, .. } => address.clone(),
        }
    }

    fn html(&self) -> String {
        match self {
            Self::Words(words) => format!("<p>{}</p>\n", escaped(words)),
            // Also as text, for whoever wants to see where it leads.
            Self::Page { label, address } => {
                let address = escaped(address);
                format!("<p><a href=\"{address}\">{label}</a></p>\n<p>{address}</p>\n")
            }
        }
    }
}

/// Nothing of it means anything in HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
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

    /// With the Kelvin sign for a `k`, Mallory's address would be that of somebody else.
    #[test]
    fn no_letter_becomes_another_ones() {
        assert_eq!(fold(" Kim@Example.ORG\t"), "kim@example.org");
        assert_eq!(fold("\u{212a}im@example.org"), "\u{212a}im@example.org");
        assert_eq!(fold("\u{130}ris@example.org"), "\u{130}ris@example.org");
        assert_eq!(fold("\u{dc}nal@example.org"), "\u{fc}nal@example.org");
        for bad in [
            "\u{212a}im@example.org",
            "kim@\u{212a}.example.org",
            "k\u{131}m@example.org",
        ] {
            assert!(MailAddress::read(bad).is_err(), "{bad}");
        }
    }

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
            link: Link::new("https://h", "/invitation", Secret::new("t")),
        };
        let body = letter.body();
        assert!(body.expose().contains("acme  .  Evil"), "{}", body.expose());
        assert!(body.expose().lines().all(|line| line.len() < 300 && line != "."));
        assert!(!body.expose().contains('\r'));
    }

    #[test]
    fn the_page_says_what_the_text_says_and_words_of_users_mean_nothing_in_it() {
        let letter = Letter::Invitation {
            organisation: "<img src=x onerror=\"a()\"> & 'Co'".into(),
            invited_by: "bo@example.org".into(),
            link: Link::new("https://agents.example.org", "/invitation", Secret::new("tok")),
        };
        let (text, page) = (letter.body(), letter.html());
        let page = page.expose();
        assert!(
            text.expose()
                .contains("\nhttps://agents.example.org/invitation#token=tok\n")
        );
        assert!(page.contains("<a href=\"https://agents.example.org/invitation#token=tok\">"));
        assert!(
            page.contains("&lt;img src=x onerror=&quot;a()&quot;&gt; &amp; &#39;Co&#39;"),
            "{page}"
        );
        assert!(!page.contains("<img") && !page.contains("<script") && !page.contains("src=\""));
        assert!(page.lines().all(|line| line.len() < 900));
    }
}
