//! Begins an attempt.

use std::net::IpAddr;

use domain::sign_in::{ProviderRules, TokenHash, local_path};
use ports::logins::LoginStart;
use protocol::api::{ProviderStart, Secret};

use super::{
    attempt::{Attempt, Purpose},
    failed_there,
};
use crate::{App, AppError, Browser};

/// An attempt that began.
#[derive(Debug)]
pub struct LoginBegun {
    /// Where the browser goes now.
    pub url: Secret,
    /// For a cookie of this browser: without it the attempt cannot be finished.
    pub cookie: Secret,
}

impl App {
    /// Anybody may. Nothing is looked up that could tell who has an account.
    ///
    /// # Errors
    /// `not_found` for an unknown provider; `provider_unreachable`.
    pub async fn start_login(
        &self,
        provider: &str,
        body: &ProviderStart,
        from: Option<IpAddr>,
    ) -> Result<LoginBegun, AppError> {
        let rules = self.provider(provider)?;
        let invitation = body
            .invitation
            .as_ref()
            .map(|token| TokenHash::of(token.expose().trim()));
        let purpose = Purpose::SignIn { invitation };
        self.begin(rules, purpose, body.return_to.as_deref(), from).await
    }

    /// Begins to link an identity to whoever is signed in. It can be finished in this very browser session alone.
    ///
    /// # Errors
    /// As [`App::start_login`].
    pub async fn start_linking(
        &self,
        browser: &Browser,
        provider: &str,
        return_to: Option<&str>,
    ) -> Result<LoginBegun, AppError> {
        let rules = self.provider(provider)?;
        let purpose = Purpose::Link {
            user: browser.user().id,
            browser: browser.identity.session.hash,
        };
        self.begin(rules, purpose, return_to, browser.address()).await
    }

    async fn begin(
        &self,
        rules: &ProviderRules,
        purpose: Purpose,
        return_to: Option<&str>,
        from: Option<IpAddr>,
    ) -> Result<LoginBegun, AppError> {
        let secret = || Secret::new(self.ports().entropy.token());
        let (state, cookie) = (secret(), secret());
        let attempt = Attempt {
            provider: rules.id.clone(),
            cookie: TokenHash::of(cookie.expose()),
            purpose,
            return_to: local_path(return_to.unwrap_or("/")).to_owned(),
            nonce: secret(),
            verifier: secret(),
            from,
            began_at: self.now(),
        };
        let start = LoginStart {
            provider: rules.id.clone(),
            redirect_uri: self.redirect_uri(rules),
            state: state.clone(),
            nonce: attempt.nonce.clone(),
            verifier: attempt.verifier.clone(),
        };
        let url = self.ports().logins.start(&start).await.map_err(failed_there)?;
        self.accounts()
            .attempts
            .begin(TokenHash::of(state.expose()), attempt);
        Ok(LoginBegun { url, cookie })
    }
}
