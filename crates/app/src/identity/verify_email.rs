//! Proves the address of a sign-up: it becomes a user, who is signed in.

use domain::{
    sign_in::{Device, TokenHash},
    tenancy::{Organisation, User},
};
use ports::{idempotency::Written, identity::Completed};
use protocol::{OrgId, Timestamp, UserId, api::EmailVerify};

use super::{
    accounts::expired,
    sign_in::{NewBrowser, failed},
    sign_up::not_invited,
};
use crate::{App, AppError};

/// Characters of a new organisation's slug that come from its owner's address.
const NAME: usize = 40;

impl App {
    /// Takes the token of the message and the password of the sign-up: who signs up with an address that is not theirs
    /// gets nothing of it when its owner opens the link. A user with an invitation joins its organisation; others get
    /// one of their own.
    ///
    /// # Errors
    /// `link_expired` for used, outdated and unknown tokens; `sign_in_failed` for another password.
    pub async fn verify_email(&self, body: EmailVerify, device: Device) -> Result<NewBrowser, AppError> {
        let (identity, now) = (&self.ports().identity, self.now());
        let hash = TokenHash::of(body.token.expose().trim());
        let sign_up = identity
            .find_sign_up(hash)
            .await?
            .filter(|sign_up| now < sign_up.expires_at)
            .ok_or_else(expired)?;
        let password = Some(&sign_up.password);
        if !self
            .guess(&sign_up.email, device.address, &body.password, password)
            .await?
        {
            return Err(failed());
        }
        if let Some(invitation) = sign_up.invitation {
            let org = self.check_invitation(&sign_up.email, invitation).await?;
            self.check_members(org).await?;
        }
        let user = User {
            id: UserId::new(now.as_ms(), self.bits()),
            email: sign_up.email.clone(),
            created_at: now,
        };
        let own = sign_up
            .invitation
            .is_none()
            .then(|| self.own_organisation(&sign_up.email, now));
        match identity.complete_sign_up(hash, user.clone(), own, now).await? {
            Completed::Done => {}
            // Somebody was quicker.
            Completed::Refused => return Err(expired()),
            // Withdrawn in this very moment.
            Completed::InvitationOver => return Err(not_invited()),
        }
        let (token, session) = self.new_session(user.id, now, false, device);
        match identity.open_browser_session(session, sign_up.password).await? {
            Written::Done => self.signed_in(token).await,
            _ => Err(failed()),
        }
    }

    /// An organisation for somebody who comes by themselves, named after their address.
    pub(super) fn own_organisation(&self, email: &str, now: Timestamp) -> Organisation {
        let bits = self.bits();
        let local = email.split('@').next().unwrap_or_default();
        Organisation {
            id: OrgId::new(now.as_ms(), self.bits()),
            slug: slug(local, bits),
            name: local.to_owned(),
            created_at: now,
            deletion: None,
        }
    }
}

/// Letters and digits of a name, and enough of the random bits to be the only one.
fn slug(name: &str, bits: u128) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .take(NAME)
        .collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let name = if words.is_empty() {
        "home".to_owned()
    } else {
        words.join("-")
    };
    format!("{name}-{:08x}", bits >> 96)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_made_of_any_address() {
        assert_eq!(slug("ana.b+x", 0xdead_beef << 96), "ana-b-x-deadbeef");
        assert_eq!(slug("__", 1 << 96), "home-00000001");
        assert!(slug(&"x".repeat(64), u128::MAX).len() <= 63);
    }
}
