//! Signs a person in with a password.

use std::net::IpAddr;

use domain::sign_in::{BrowserSession, LONGEST_PASSWORD, PasswordHash, TokenHash};
use ports::idempotency::Written;
use protocol::{
    ProblemCode, Timestamp, UserId,
    api::{Secret, SignIn, SignedIn},
};
use secrecy::SecretString;

use super::{browser::Browser, throttle::Throttle};
use crate::{App, AppError};

/// A browser that was just signed in.
#[derive(Debug)]
pub struct NewBrowser {
    /// For the cookie, and for nothing else.
    pub token: Secret,
    pub answer: SignedIn,
}

impl App {
    /// Anybody may try. An unknown address, one without a password and a wrong password take the same work and get
    /// the same answer.
    ///
    /// # Errors
    /// `sign_in_failed`; `rate_limited` after too many guesses for this address from there.
    pub async fn sign_in(&self, body: SignIn, from: Option<IpAddr>) -> Result<NewBrowser, AppError> {
        let email = body.email.trim().to_lowercase();
        let identity = &self.ports().identity;
        let (user, hash) = match identity.find_user(&email).await? {
            Some((user, hash)) => (Some(user), hash),
            None => (None, None),
        };
        let right = self.guess(&email, from, &body.password, hash.as_ref()).await?;
        let (true, Some(user), Some(hash)) = (right, user, hash) else {
            return Err(failed());
        };
        if identity.list_memberships(user.id).await?.is_empty() {
            return Err(failed());
        }
        let (token, session) = self.new_session(user.id, self.now(), false);
        match identity.open_browser_session(session, hash).await? {
            Written::Done => self.signed_in(token).await,
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
    ) -> (Secret, BrowserSession) {
        let token = self.ports().entropy.token();
        let session = BrowserSession {
            hash: TokenHash::of(&token),
            user,
            org: None,
            by_link,
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
        let me = self.me(&browser.actor(None)?, Some(csrf_token.clone())).await?;
        Ok(NewBrowser {
            token,
            answer: SignedIn { me, csrf_token },
        })
    }
}

fn failed() -> AppError {
    AppError::new(
        ProblemCode::SignInFailed,
        "Nobody can sign in with this e-mail address and password.",
    )
}
