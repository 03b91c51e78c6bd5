//! Providers that vouch for people, each spoken to in its own way, all through one guarded HTTP client.

mod fetch;
mod github;
mod oidc;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use domain::{
    address::Guard,
    sign_in::{LONGEST_NAME, ProviderId, ProviderKind, VerifiedIdentity},
};
use ports::{
    Clock, LoginProvider,
    logins::{LoginAnswer, LoginError, LoginStart},
};
use protocol::api::Secret;
use secrecy::SecretString;

use fetch::GuardedHttp;
use github::Github;
use oidc::Oidc;

pub use fetch::is_safe_address;

/// How a provider is reached, and who we are to it.
#[derive(Debug, Clone)]
pub struct LoginClient {
    pub id: ProviderId,
    pub kind: ProviderKind,
    /// Of an OpenID Connect provider as it names itself, to the letter; of GitHub its web address.
    pub issuer: String,
    pub client_id: String,
    /// `None` for a public client, which PKCE alone protects.
    pub client_secret: Option<SecretString>,
    pub scopes: Vec<String>,
    /// Whether the person's organisations at the provider are asked for.
    pub organisations: bool,
}

/// All configured providers.
#[derive(Debug, Default)]
pub struct Logins(BTreeMap<ProviderId, Way>);

#[derive(Debug)]
enum Way {
    Oidc(Box<Oidc>),
    Github(Box<Github>),
}

impl Logins {
    /// `guard` says which addresses may be connected to.
    #[must_use]
    pub fn new(clients: Vec<LoginClient>, guard: Arc<Guard>, clock: Arc<dyn Clock>) -> Self {
        let http = Arc::new(GuardedHttp::new(guard));
        let way = |client: LoginClient| {
            let id = client.id.clone();
            let way = match client.kind {
                ProviderKind::Oidc => {
                    Way::Oidc(Box::new(Oidc::new(client, Arc::clone(&http), Arc::clone(&clock))))
                }
                ProviderKind::Github => Way::Github(Box::new(Github::new(client, Arc::clone(&http)))),
            };
            (id, way)
        };
        Self(clients.into_iter().map(way).collect())
    }

    fn of(&self, provider: &ProviderId) -> Result<&Way, LoginError> {
        self.0.get(provider).ok_or(LoginError::Unknown)
    }
}

#[async_trait]
impl LoginProvider for Logins {
    async fn start(&self, start: &LoginStart) -> Result<Secret, LoginError> {
        match self.of(&start.provider)? {
            Way::Oidc(oidc) => oidc.start(start).await,
            Way::Github(github) => github.start(start),
        }
    }

    async fn finish(&self, answer: &LoginAnswer) -> Result<VerifiedIdentity, LoginError> {
        match self.of(&answer.provider)? {
            Way::Oidc(oidc) => oidc.finish(answer).await,
            Way::Github(github) => github.finish(answer).await,
        }
    }
}

/// An error and what caused it, for the log: one line, and not long, because providers have a say in it.
fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    line(&text)
}

/// A person's name as it is kept: on one line, cut short.
fn name(text: &str) -> Option<String> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_NAME)
        .collect();
    let plain = plain.trim();
    (!plain.is_empty()).then(|| plain.to_owned())
}

/// One line of somebody else's words.
fn line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(300)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_provider_stay_on_one_short_line() {
        assert_eq!(line("a\nb\u{1b}[31m"), "a b [31m");
        assert_eq!(line(&"x".repeat(1000)).len(), 300);
    }
}
