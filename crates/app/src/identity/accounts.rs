//! What accounts share in this process: who may sign up, how often anybody may ask, codes that are awaited, and letters
//! that are being written.

use std::{net::IpAddr, sync::OnceLock, time::Duration};

use domain::{
    mail::{Link, MailAddress},
    sign_in::{ProviderRules, SignUpPolicy},
};
use protocol::{ProblemCode, Timestamp, UserId, api::Secret};

use super::{challenge::Challenges, letters::Desk, logins::Attempts, throttle::Throttle};
use crate::{App, AppError};

const HOUR: Duration = Duration::from_secs(3600);
/// Sign-ups and resets for one address from one network in an hour.
const ASKED_FOR_ONE: u32 = 5;
/// Sign-ups and resets from one network in an hour, for whichever addresses.
const ASKED_FROM_ONE: u32 = 60;
/// Letters to one address in an hour that strangers can cause.
const LETTERS: u32 = 10;
/// The same for networks from which the addressee has signed in: strangers cannot use these up.
const LETTERS_OF_OWN: u32 = 5;
/// Wrong six-digit codes of one user in six hours, from wherever. Whoever guesses knows the password; at this rate a
/// year of guessing finds a code with a probability of about one in ten. Recovery codes still work.
const CODES: u32 = 30;

/// Who may make accounts, and where people reach the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSettings {
    pub sign_up: SignUpPolicy,
    /// Domains of addresses that may sign up without an invitation; empty = any.
    pub domains: Vec<String>,
    /// The address of the server in links, without a slash at its end.
    pub url: String,
    /// Providers through which people sign in, in the order in which they are shown.
    pub providers: Vec<ProviderRules>,
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self {
            sign_up: SignUpPolicy::default(),
            domains: Vec::new(),
            url: "http://127.0.0.1:8080".to_owned(),
            providers: Vec::new(),
        }
    }
}

/// The shared state.
#[derive(Debug)]
pub(crate) struct Accounts {
    settings: OnceLock<AccountSettings>,
    asked_for_one: Throttle,
    asked_from_one: Throttle,
    letters: Throttle,
    letters_of_own: Throttle,
    pub(super) codes: Throttle,
    pub(super) challenges: Challenges,
    pub(super) attempts: Attempts,
    pub(super) desk: Desk,
}

impl Default for Accounts {
    fn default() -> Self {
        let asked = "Too many messages were asked for from where you are. Wait an hour.";
        Self {
            settings: OnceLock::new(),
            asked_for_one: Throttle::new(ASKED_FOR_ONE, HOUR, asked),
            asked_from_one: Throttle::new(ASKED_FROM_ONE, HOUR, asked),
            letters: Throttle::new(LETTERS, HOUR, asked),
            letters_of_own: Throttle::new(LETTERS_OF_OWN, HOUR, asked),
            codes: Throttle::new(
                CODES,
                HOUR * 6,
                "Too many wrong codes for this account. Use a recovery code, or wait a few hours.",
            ),
            challenges: Challenges::default(),
            attempts: Attempts::default(),
            desk: Desk::default(),
        }
    }
}

impl Accounts {
    pub(crate) fn set(&self, settings: AccountSettings) {
        // Said once, by the one who puts the server together.
        let _ = self.settings.set(settings);
    }

    pub(crate) fn settings(&self) -> &AccountSettings {
        self.settings.get_or_init(AccountSettings::default)
    }

    /// Whether a message for this address may be asked for from there. The same for addresses that are known and those
    /// that are not.
    pub(super) fn ask(
        &self,
        address: &MailAddress,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<(), AppError> {
        self.asked_for_one
            .guess(Throttle::place(address.as_str(), from), now)?;
        self.asked_from_one.guess(Throttle::place("", from), now)
    }

    /// Whether another letter may go to this address. `own` = it was asked for from a network of the addressee.
    pub(crate) fn may_write(&self, address: &MailAddress, own: bool, now: Timestamp) -> bool {
        let place = Throttle::place(address.as_str(), None);
        (own && self.letters_of_own.guess(place, now).is_ok()) || self.letters.guess(place, now).is_ok()
    }

    /// A page of the web app with a token.
    pub(crate) fn link(&self, path: &'static str, token: Secret) -> Link {
        Link::new(&self.settings().url, path, token)
    }

    /// Counts a six-digit code of this user that is about to be judged.
    pub(super) fn code(&self, user: UserId, now: Timestamp) -> Result<(), AppError> {
        self.codes.guess(Throttle::place(&user.to_string(), None), now)
    }

    /// It was right.
    pub(super) fn code_was_right(&self, user: UserId) {
        self.codes.forget(&Throttle::place(&user.to_string(), None));
    }

    /// It could not be judged.
    pub(super) fn code_taken_back(&self, user: UserId) {
        self.codes.take_back(&Throttle::place(&user.to_string(), None));
    }
}

impl App {
    /// Says who may sign up and where; without that only people with an invitation.
    #[must_use]
    pub fn with_accounts(self, settings: AccountSettings) -> Self {
        self.accounts().set(settings);
        self
    }
}

/// An address that can be written to.
pub(crate) fn address(text: &str) -> Result<MailAddress, AppError> {
    MailAddress::read(text)
        .map_err(|_| AppError::invalid("email", "`email` must be an address such as ana@example.org."))
}

/// A link of a letter that does not work any more.
pub(super) fn expired() -> AppError {
    AppError::new(
        ProblemCode::LinkExpired,
        "This link was used before, is too old, or is not whole. Ask for another one.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_ms(1_000_000).after(Duration::from_secs(seconds))
    }

    #[test]
    fn strangers_use_up_neither_what_others_may_ask_nor_what_is_kept_for_the_addressee() {
        let accounts = Accounts::default();
        let ana = MailAddress::read("ana@example.org").unwrap();
        let place = |n: u8| Some(IpAddr::from([192, 0, 2, n]));
        for _ in 0..ASKED_FOR_ONE {
            accounts.ask(&ana, place(1), at(0)).unwrap();
        }
        assert!(accounts.ask(&ana, place(1), at(0)).is_err());
        accounts.ask(&ana, place(2), at(0)).unwrap();
        let bo = MailAddress::read("bo@example.org").unwrap();
        accounts.ask(&bo, place(1), at(0)).unwrap();
        for _ in 0..LETTERS {
            assert!(accounts.may_write(&ana, false, at(0)));
        }
        assert!(!accounts.may_write(&ana, false, at(0)));
        for _ in 0..LETTERS_OF_OWN {
            assert!(accounts.may_write(&ana, true, at(0)));
        }
        assert!(!accounts.may_write(&ana, true, at(0)), "bounded all the same");
        assert!(accounts.may_write(&ana, false, at(3600)));
    }

    #[test]
    fn one_network_cannot_have_the_whole_world_written_to() {
        let accounts = Accounts::default();
        let from = Some(IpAddr::from([192, 0, 2, 1]));
        let ask = |n: u32| {
            let address = MailAddress::read(&format!("user{n}@example.org")).unwrap();
            accounts.ask(&address, from, at(0))
        };
        assert!((0..ASKED_FROM_ONE).all(|n| ask(n).is_ok()));
        assert_eq!(ask(99).unwrap_err().code, ProblemCode::RateLimited);
    }
}
