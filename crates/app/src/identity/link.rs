//! One-use links that sign a person in: made by the operator, used by whoever has it.

use std::net::IpAddr;

use domain::{
    audit::AuditEntry,
    sign_in::{Device, LINK_LIFE, SignInLink, TokenHash},
};
use ports::{AuditLog, Clock, Entropy, IdentityStore};
use protocol::{
    OrgId, ProblemCode, Timestamp, UserId,
    api::{LinkSignIn, Secret},
    audit::{AuditActor, AuditOutcome},
};

use super::sign_in::NewBrowser;
use crate::{App, AppError, audit::not_noted};

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
    audit: &dyn AuditLog,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    user: UserId,
    org: OrgId,
) -> Result<Secret, AppError> {
    let entry = link_entry(user, org, clock.now());
    audit.append(vec![entry]).await.map_err(not_noted)?;
    make_link(identity, clock, entropy, user, org).await
}

fn link_entry(user: UserId, org: OrgId, now: Timestamp) -> AuditEntry {
    let action = "sign_in_link.create";
    let mut entry = AuditEntry::new(org, now, AuditActor::Operator, action, AuditOutcome::Allowed);
    entry.target = Some(user.to_string());
    entry
}

async fn make_link(
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
        self.note(vec![link_entry(user, org, self.now())]).await?;
        make_link(&*ports.identity, &*ports.clock, &*ports.entropy, user, org).await
    }

    /// Uses a link up and signs its user in: both or neither.
    ///
    /// # Errors
    /// `link_expired` for used, outdated and unknown ones alike.
    pub async fn redeem_link(&self, body: LinkSignIn, device: Device) -> Result<NewBrowser, AppError> {
        let link = TokenHash::of(body.token.expose().trim());
        let nobody = UserId::from_bits(0);
        let from = device.address;
        let (token, session) = self.new_session(nobody, self.now(), true, device);
        let opened = self.ports().identity.redeem_sign_in_link(link, session).await?;
        let opened = opened.ok_or_else(expired)?;
        if let Err(error) = self.note_redeemed(opened.hash, from).await {
            // Nobody gets in without a record. The link is used up.
            self.ports().identity.end_browser_session(opened.hash).await?;
            return Err(error);
        }
        let new = self.signed_in(token).await?;
        if new.answer.me.organisation.is_none() {
            // The operator made it for a member of an organisation, and its user is one nowhere any more.
            self.ports().identity.end_browser_session(opened.hash).await?;
            return Err(expired());
        }
        Ok(new)
    }
}

impl App {
    /// Whose link it was is known only now.
    async fn note_redeemed(&self, browser: TokenHash, from: Option<IpAddr>) -> Result<(), AppError> {
        let identity = match self.browser(browser, self.now()).await {
            // Said where they are signed in.
            Err(error) if error.code == ProblemCode::Unauthenticated => return Ok(()),
            found => found?,
        };
        self.note_person(&identity.user, &identity.memberships, from, "link.redeem")
            .await
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
