//! Signs a person in with a password.

use std::net::IpAddr;

use domain::sign_in::{BrowserSession, Device, LONGEST_PASSWORD, PasswordHash, TokenHash};
use ports::idempotency::Written;
use protocol::{
    BrowserId, ProblemCode, Timestamp, UserId,
    api::{SecondFactorNeeded, Secret, SignIn, SignedIn},
};
use secrecy::SecretString;

use super::{browser::Browser, challenge::Verified, throttle::Throttle};
use crate::{App, AppError};

/// A browser that was just signed in.
#[derive(Debug)]
pub struct NewBrowser {
    /// For the cookie, and for nothing else.
    pub token: Secret,
    pub answer: SignedIn,
}

/// What a right password comes to.
#[derive(Debug)]
pub enum SignInOutcome {
    SignedIn(Box<NewBrowser>),
    /// A code is needed as well.
    SecondFactor(SecondFactorNeeded),
}

impl App {
    /// Anybody may try. An unknown address, one without a password and a wrong password take the same work and get
    /// the same answer.
    ///
    /// # Errors
    /// `sign_in_failed`; `rate_limited` after too many guesses for this address from there.
    pub async fn sign_in(&self, body: SignIn, device: Device) -> Result<SignInOutcome, AppError> {
        let email = domain::mail::fold(&body.email);
        let identity = &self.ports().identity;
        let (user, hash) = match identity.find_user(&email).await? {
            Some((user, hash)) => (Some(user), hash),
            None => (None, None),
        };
        let right = self
            .guess(&email, device.address, &body.password, hash.as_ref())
            .await?;
        let (true, Some(user), Some(hash)) = (right, user.as_ref(), hash) else {
            if let Some(user) = &user {
                self.note_failed_sign_in(user, device.address);
            }
            return Err(failed());
        };
        let memberships = identity.list_memberships(user.id).await?;
        let second_factor = identity.second_factor(user.id).await?;
        if second_factor.is_some_and(|factor| factor.confirmed_at.is_some()) {
            return Ok(SignInOutcome::SecondFactor(
                self.challenge(user.id, Verified::Password(hash)),
            ));
        }
        self.note_person(user, &memberships, device.address, "user.sign_in")
            .await?;
        let (token, session) = self.new_session(user.id, self.now(), false, device);
        match identity.open_browser_session(session, hash).await? {
            Written::Done => Ok(SignInOutcome::SignedIn(Box::new(self.signed_in(token).await?))),
            // The password was changed meanwhile.
            _ => Err(failed()),
        }
    }

    /// Compares a password, as often as the throttle lets one guess. A guess that nobody waits for counts, too; one
    /// that could not be judged does not.
    pub(super) async fn guess(
        &self,
        email: &str,
        from: Option<IpAddr>,
        password: &Secret,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, AppError> {
        let place = Throttle::place(email, from);
        self.throttle().guess(place, self.now())?;
        if password.expose().len() > LONGEST_PASSWORD {
            return Ok(false);
        }
        let password = SecretString::from(password.expose());
        match self.ports().passwords.verify(&password, hash).await {
            Ok(right) => {
                if right {
                    self.throttle().forget(&place);
                }
                Ok(right)
            }
            Err(error) => {
                self.throttle().take_back(&place);
                Err(error.into())
            }
        }
    }

    pub(super) fn new_session(
        &self,
        user: UserId,
        now: Timestamp,
        by_link: bool,
        device: Device,
    ) -> (Secret, BrowserSession) {
        let token = self.ports().entropy.token();
        let session = BrowserSession {
            hash: TokenHash::of(&token),
            id: BrowserId::new(now.as_ms(), self.bits()),
            user,
            org: None,
            by_link,
            device,
            created_at: now,
            last_seen_at: now,
        };
        (Secret::new(token), session)
    }

    /// What the browser is told; read back, so that it is what the next request will find.
    pub(super) async fn signed_in(&self, token: Secret) -> Result<NewBrowser, AppError> {
        let identity = self.browser(TokenHash::of(token.expose()), self.now()).await?;
        let browser = Browser::new(identity, token.clone());
        let csrf_token = browser.csrf_token();
        let me = match browser.actor(None) {
            Ok(actor) => self.me(&actor, Some(csrf_token.clone())).await?,
            // Whoever belongs nowhere signs in all the same: to accept an invitation, or to begin anew.
            Err(error) if error.code == ProblemCode::NoOrganisation => self.me_nowhere(&browser).await?,
            Err(error) => return Err(error),
        };
        Ok(NewBrowser {
            token,
            answer: SignedIn { me, csrf_token },
        })
    }
}

pub(super) fn failed() -> AppError {
    AppError::new(
        ProblemCode::SignInFailed,
        "Nobody can sign in with this e-mail address and password.",
    )
}
