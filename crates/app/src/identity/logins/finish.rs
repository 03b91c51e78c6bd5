//! Finishes an attempt: the browser is back.

use domain::sign_in::{Device, ProviderRules, TokenHash, VerifiedIdentity};
use ports::logins::LoginAnswer;
use protocol::api::{SecondFactorNeeded, Secret};

use super::{
    attempt::{Attempt, Purpose},
    failed_there, not_accepted, over,
};
use crate::{App, AppError, NewBrowser};

/// Longest text of an answer that is looked at, bytes.
const LONGEST: usize = 4096;

/// What the browser brought back from the provider, and what it has of ours.
#[derive(Debug, Clone, Default)]
pub struct LoginReturn {
    pub state: Option<Secret>,
    pub code: Option<Secret>,
    /// The provider says no.
    pub error: Option<String>,
    /// RFC 9207.
    pub issuer: Option<String>,
    /// The cookie of the attempt.
    pub cookie: Option<Secret>,
    /// The cookie of the browser session, if somebody is signed in here.
    pub session: Option<Secret>,
}

/// What an attempt came to, and the path that the browser goes to.
#[derive(Debug)]
pub enum LoginOutcome {
    SignedIn(Box<NewBrowser>, String),
    /// A code is needed as well.
    SecondFactor(SecondFactorNeeded, String),
    Linked(String),
}

/// What went wrong, and where the browser goes with it: a path when it was about somebody who is signed in.
#[derive(Debug)]
pub struct LoginTrouble {
    pub error: AppError,
    pub signed_in_at: Option<String>,
}

impl From<AppError> for LoginTrouble {
    fn from(error: AppError) -> Self {
        Self {
            error,
            signed_in_at: None,
        }
    }
}

impl App {
    /// Signs in, up, or links, as the attempt was begun for. An attempt is used up by whoever comes with its state; it is
    /// worth something only with the cookie of the browser that began it, and at the address of its provider.
    ///
    /// # Errors
    /// `provider_sign_in_expired`, `provider_sign_in_failed`, `provider_unreachable`; and what signing in, up and linking
    /// are refused for.
    pub async fn finish_login(
        &self,
        provider: &str,
        back: LoginReturn,
        device: Device,
    ) -> Result<LoginOutcome, LoginTrouble> {
        let rules = self.provider(provider)?;
        let attempt = self.attempt(rules, &back)?;
        let at = match &attempt.purpose {
            Purpose::Link { .. } => Some(attempt.return_to.clone()),
            Purpose::SignIn { .. } => None,
        };
        let outcome = self.finish(rules, attempt, back, device).await;
        outcome.map_err(|error| LoginTrouble {
            error,
            signed_in_at: at,
        })
    }

    fn attempt(&self, rules: &ProviderRules, back: &LoginReturn) -> Result<Attempt, AppError> {
        let short = |secret: &&Secret| secret.expose().len() <= LONGEST;
        let state = back.state.as_ref().filter(short).ok_or_else(over)?;
        let attempt = self
            .accounts()
            .attempts
            .take(TokenHash::of(state.expose()), self.now())
            .ok_or_else(over)?;
        let cookie = back.cookie.as_ref().filter(short);
        let own = cookie.is_some_and(|cookie| TokenHash::of(cookie.expose()) == attempt.cookie);
        if own && attempt.provider == rules.id {
            Ok(attempt)
        } else {
            Err(over())
        }
    }

    async fn finish(
        &self,
        rules: &ProviderRules,
        attempt: Attempt,
        back: LoginReturn,
        device: Device,
    ) -> Result<LoginOutcome, AppError> {
        match attempt.purpose {
            Purpose::SignIn { invitation } => {
                let to = attempt.return_to.clone();
                let who = self.vouched_for(rules, &attempt, &back).await?;
                self.enter(rules, who, invitation, device, to).await
            }
            Purpose::Link { user, browser } => {
                let session = back.session.as_ref().ok_or_else(over)?;
                let signed_in = self.authenticate_browser(session.expose()).await?;
                if signed_in.user().id != user || signed_in.identity.session.hash != browser {
                    return Err(over());
                }
                let who = self.vouched_for(rules, &attempt, &back).await?;
                self.link_identity(&signed_in, rules, who, device.address).await?;
                Ok(LoginOutcome::Linked(attempt.return_to))
            }
        }
    }

    /// Asks the provider whose code it is.
    async fn vouched_for(
        &self,
        rules: &ProviderRules,
        attempt: &Attempt,
        back: &LoginReturn,
    ) -> Result<VerifiedIdentity, AppError> {
        let code = back.code.as_ref().filter(|code| {
            back.error.is_none() && !code.expose().is_empty() && code.expose().len() <= LONGEST
        });
        let Some(code) = code else {
            return Err(not_accepted());
        };
        let answer = LoginAnswer {
            provider: rules.id.clone(),
            redirect_uri: self.redirect_uri(rules),
            nonce: attempt.nonce.clone(),
            verifier: attempt.verifier.clone(),
            code: code.clone(),
            issuer: back.issuer.clone(),
        };
        self.ports().logins.finish(&answer).await.map_err(failed_there)
    }
}
