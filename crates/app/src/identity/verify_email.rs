//! Proves the address of a sign-up: it becomes a user, who is signed in.

use domain::{
    organisations::MOST_ORGANISATIONS,
    sign_in::{Device, TokenHash},
    tenancy::{Organisation, User},
};
use ports::{
    idempotency::Written,
    identity::{Acceptance, NewOrganisation},
};
use protocol::{OrgId, Timestamp, UserId, api::EmailVerify};

use super::{
    accounts::expired,
    sign_in::{NewBrowser, failed},
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
            self.check_invitation(&sign_up.email, invitation).await?;
        }
        let user = User {
            id: UserId::new(now.as_ms(), self.bits()),
            email: sign_up.email.clone(),
            created_at: now,
        };
        let own = self.own_organisation(&sign_up.email, now);
        let with = sign_up.invitation.is_none().then(|| own.clone());
        match identity.complete_sign_up(hash, user.clone(), with, now).await? {
            Written::Done => {}
            // Somebody was quicker.
            _ => return Err(expired()),
        }
        if let Some(invitation) = sign_up.invitation {
            let accepted = identity.accept_invitation(invitation, user.id, now, None).await?;
            if !matches!(accepted, Acceptance::Accepted(..)) {
                // Withdrawn in this very moment: the user is there, and has to be somewhere.
                let new = NewOrganisation {
                    organisation: own,
                    by: user.id,
                    most: MOST_ORGANISATIONS,
                };
                identity.create_organisation(new, None).await?;
            }
        }
        let (token, session) = self.new_session(user.id, now, false, device);
        match identity.open_browser_session(session, sign_up.password).await? {
            Written::Done => self.signed_in(token).await,
            _ => Err(failed()),
        }
    }

    /// An organisation for somebody who comes by themselves, named after their address.
    fn own_organisation(&self, email: &str, now: Timestamp) -> Organisation {
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
