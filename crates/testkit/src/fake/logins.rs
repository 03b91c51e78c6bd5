//! Providers in memory: a test plays the person who says yes there.

use std::{collections::HashMap, sync::Mutex};

use async_trait::async_trait;
use domain::sign_in::VerifiedIdentity;
use ports::{
    LoginProvider,
    logins::{LoginAnswer, LoginError, LoginStart},
};
use protocol::api::Secret;

use super::lock;

/// The fake of this port.
pub type Fake = PlayedLogins;

/// The one provider that it does not know; it knows every other one.
pub const UNKNOWN: &str = "nobody";

/// What a code stands for.
#[derive(Debug, Clone)]
struct Approved {
    start: LoginStart,
    who: VerifiedIdentity,
}

/// Attempts that began, and codes that were not used yet.
#[derive(Debug, Default)]
pub struct PlayedLogins(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    started: HashMap<String, LoginStart>,
    codes: HashMap<String, Approved>,
    given: u64,
}

impl PlayedLogins {
    /// The person at this address says yes: the code that their browser brings back. `None` when no attempt leads there.
    pub fn approve(&self, url: &str, who: VerifiedIdentity) -> Option<String> {
        let state = url.split_once("state=")?.1;
        let mut kept = lock(&self.0);
        let start = kept.started.get(state)?.clone();
        kept.given += 1;
        let code = format!("code-{}", kept.given);
        kept.codes.insert(code.clone(), Approved { start, who });
        Some(code)
    }
}

#[async_trait]
impl LoginProvider for PlayedLogins {
    async fn start(&self, start: &LoginStart) -> Result<Secret, LoginError> {
        if start.provider.as_str() == UNKNOWN {
            return Err(LoginError::Unknown);
        }
        let state = start.state.expose();
        lock(&self.0).started.insert(state.to_owned(), start.clone());
        let provider = &start.provider;
        Ok(Secret::new(format!(
            "https://{provider}.example.test/authorize?state={state}"
        )))
    }

    async fn finish(&self, answer: &LoginAnswer) -> Result<VerifiedIdentity, LoginError> {
        if answer.provider.as_str() == UNKNOWN {
            return Err(LoginError::Unknown);
        }
        let approved = lock(&self.0).codes.remove(answer.code.expose());
        let fits = approved.filter(|approved| {
            let start = &approved.start;
            start.provider == answer.provider
                && start.redirect_uri == answer.redirect_uri
                && start.nonce.expose() == answer.nonce.expose()
                && start.verifier.expose() == answer.verifier.expose()
                && answer
                    .issuer
                    .as_ref()
                    .is_none_or(|issuer| *issuer == approved.who.issuer)
        });
        fits.map(|approved| approved.who)
            .ok_or_else(|| LoginError::Refused("the code is not taken".into()))
    }
}
