//! Signing in through a provider, and the identities that one is signed in with.
//!
//! An attempt begins here, goes to the provider with the browser, and comes back with it. What comes back is worth
//! something only together with what was kept, in the browser that it was begun in, once.

mod attempt;
mod enter;
mod finish;
mod identities;
mod link;
mod newcomer;
mod start;

use domain::sign_in::{LinkedIdentity, ProviderRules, VerifiedIdentity};
use ports::{identity::Said, logins::LoginError};
use protocol::{
    ProblemCode,
    api::{IdentityInfo, SignInProvider, SignInWays},
};

use crate::{App, AppError, error::sentence};

pub(crate) use attempt::Attempts;
pub use finish::{LoginOutcome, LoginReturn, LoginTrouble};
pub use start::LoginBegun;

impl App {
    /// For everybody: the ways to sign in.
    #[must_use]
    pub fn sign_in_ways(&self) -> SignInWays {
        let settings = self.accounts().settings();
        let providers = settings.providers.iter().map(|rules| SignInProvider {
            id: rules.id.to_string(),
            name: rules.name.clone(),
            kind: rules.kind.as_str().to_owned(),
        });
        SignInWays {
            password: true,
            sign_up: settings.sign_up.as_str().to_owned(),
            providers: providers.collect(),
        }
    }

    fn provider(&self, id: &str) -> Result<&ProviderRules, AppError> {
        let all = &self.accounts().settings().providers;
        all.iter()
            .find(|rules| rules.id.as_str() == id)
            .ok_or_else(|| AppError::not_found("sign-in provider"))
    }

    /// Where a provider sends browsers back to: each has an address of its own, so that one cannot pass its answers off
    /// as another's.
    fn redirect_uri(&self, rules: &ProviderRules) -> String {
        let server = self.accounts().settings().url.trim_end_matches('/');
        format!("{server}/v1/auth/providers/{}/callback", rules.id)
    }
}

fn said(who: &VerifiedIdentity) -> Said {
    Said {
        email: who.email.as_ref().map(|email| email.as_str().to_owned()),
        name: who.name.clone(),
    }
}

fn shown(identity: LinkedIdentity) -> IdentityInfo {
    IdentityInfo {
        id: identity.id,
        provider: identity.provider.to_string(),
        name: identity.name,
        email: identity.email,
        linked_at: identity.linked_at,
        last_used_at: identity.last_used_at,
    }
}

/// Whether the provider's rules let this person in.
fn admit(rules: &ProviderRules, who: &VerifiedIdentity) -> Result<(), AppError> {
    rules
        .admit(who)
        .map_err(|why| AppError::new(ProblemCode::IdentityNotAllowed, sentence(&why.to_string())))
}

/// What a provider failed with. What it said is for the log.
fn failed_there(error: LoginError) -> AppError {
    match error {
        LoginError::Unknown => AppError::not_found("sign-in provider"),
        LoginError::Unavailable(_) => AppError::new(
            ProblemCode::ProviderUnreachable,
            "The provider could not be asked. Try again in a minute.",
        )
        .cause(error),
        LoginError::Refused(_) => not_accepted().cause(error),
    }
}

fn not_accepted() -> AppError {
    AppError::new(
        ProblemCode::ProviderSignInFailed,
        "The provider did not vouch for you, or its answer is not accepted. Try again.",
    )
}

/// The same for what never was, what was used, what is too old, and what belongs to another browser.
fn over() -> AppError {
    AppError::new(
        ProblemCode::ProviderSignInExpired,
        "This attempt to sign in was used, is too old, or was begun in another browser. Begin again.",
    )
}
