//! One-use links that sign a person in: made by the operator, used by whoever has it.

use domain::sign_in::{LINK_LIFE, SignInLink, TokenHash};
use ports::{Clock, Entropy, IdentityStore};
use protocol::{
    OrgId, ProblemCode, UserId,
    api::{LinkSignIn, Secret},
};

use super::sign_in::NewBrowser;
use crate::{App, AppError};

/// Where the web app takes a token. It stands behind the `#`, which browsers keep to themselves: it reaches no log.
#[must_use]
pub fn sign_in_url(server: &str, token: &Secret) -> String {
    format!("{server}/sign-in#token={}", token.expose())
}

/// The token of a new link for a user who is there. The caller is the operator, which its channel has proved.
///
/// # Errors
/// When the store does not answer.
pub async fn sign_in_link(
    identity: &dyn IdentityStore,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    user: UserId,
    org: OrgId,
) -> Result<Secret, AppError> {
    let token = entropy.token();
    let link = SignInLink {
        hash: TokenHash::of(&token),
        user,
        org,
        expires_at: clock.now().after(LINK_LIFE),
    };
    identity.add_sign_in_link(link).await?;
    Ok(Secret::new(token))
}

impl App {
    /// See [`sign_in_link`].
    ///
    /// # Errors
    /// See [`sign_in_link`].
    pub async fn sign_in_link(&self, user: UserId, org: OrgId) -> Result<Secret, AppError> {
        let ports = self.ports();
        sign_in_link(&*ports.identity, &*ports.clock, &*ports.entropy, user, org).await
    }

    /// Uses a link up and signs its user in: both or neither.
    ///
    /// # Errors
    /// `link_expired` for used, outdated and unknown ones alike.
    pub async fn redeem_link(&self, body: LinkSignIn) -> Result<NewBrowser, AppError> {
        let link = TokenHash::of(body.token.expose().trim());
        let nobody = UserId::from_bits(0);
        let (token, session) = self.new_session(nobody, self.now(), true);
        let opened = self.ports().identity.redeem_sign_in_link(link, session).await?;
        let opened = opened.ok_or_else(expired)?;
        match self.signed_in(token).await {
            // A member nowhere any more: nobody to sign in.
            Err(error) if error.code == ProblemCode::Unauthenticated => {
                self.ports().identity.end_browser_session(opened.hash).await?;
                Err(expired())
            }
            outcome => outcome,
        }
    }
}

fn expired() -> AppError {
    AppError::new(
        ProblemCode::LinkExpired,
        "This link was used before, is too old, or is not whole. Ask for another one.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_stands_in_the_fragment() {
        let url = sign_in_url("https://agents.example.org", &Secret::new("abc"));
        assert_eq!(url, "https://agents.example.org/sign-in#token=abc");
    }
}
