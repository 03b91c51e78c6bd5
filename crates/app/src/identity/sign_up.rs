//! Signs a person up.

use std::net::IpAddr;

use domain::{
    mail::{Letter, MailAddress},
    organisations::{InvitationState, Invited},
    sign_in::{
        PasswordHash, PendingSignUp, SIGN_UP_LIFE, SignUpPolicy, TokenHash, check_password, is_of_domain,
    },
};
use protocol::{
    OrgId, ProblemCode,
    api::{MailPromised, Secret, SignUp},
};
use secrecy::SecretString;

use super::{accounts::address, set_password::weak};
use crate::{App, AppError};

impl App {
    /// Anybody may ask. The password is hashed and the answer given before anybody looks whether the address is known,
    /// so that neither words nor time tell. Known addresses get a message, too: that they have an account.
    ///
    /// # Errors
    /// For what is wrong with the request itself, or when this server takes no such sign-up.
    pub async fn sign_up(&self, body: SignUp, from: Option<IpAddr>) -> Result<MailPromised, AppError> {
        let email = address(&body.email)?;
        let invitation = body.invitation.map(|token| TokenHash::of(token.expose().trim()));
        let policy = self.accounts().settings().sign_up;
        self.check_sign_up(policy, &email, invitation).await?;
        check_password(body.password.expose(), email.as_str(), &[]).map_err(weak)?;
        self.accounts().ask(&email, from, self.now())?;
        let password = SecretString::from(body.password.expose());
        let password = self.ports().passwords.hash(&password).await?;
        let app = self.clone();
        self.behind_the_answer("a sign-up", async move {
            app.take_sign_up(email, password, invitation, from).await
        })?;
        Ok(MailPromised {
            message: "If this address has no account here, a message with a link was sent to it; else one that says so."
                .to_owned(),
        })
    }

    /// Whether this server takes such a sign-up; says nothing about whether the address is known.
    pub(super) async fn check_sign_up(
        &self,
        policy: SignUpPolicy,
        email: &MailAddress,
        invitation: Option<TokenHash>,
    ) -> Result<(), AppError> {
        if policy == SignUpPolicy::Closed {
            return Err(closed(
                "This server takes no sign-ups. Its operator makes accounts.",
            ));
        }
        if let Some(invitation) = invitation {
            return self.check_invitation(email.as_str(), invitation).await.map(drop);
        }
        if policy == SignUpPolicy::InviteOnly {
            return Err(closed(
                "This server takes sign-ups with an invitation alone. Ask somebody of your organisation for one.",
            ));
        }
        if !is_of_domain(email.as_str(), &self.accounts().settings().domains) {
            return Err(
                closed("This server takes no sign-ups with an address of this domain.").field("email"),
            );
        }
        Ok(())
    }

    /// Whether an invitation lets this address in, and where.
    pub(super) async fn check_invitation(
        &self,
        email: &str,
        invitation: TokenHash,
    ) -> Result<OrgId, AppError> {
        let found = self.ports().identity.find_invitation(invitation).await?;
        let fits = |found: &Invited| {
            found.invitation.state(self.now()) == InvitationState::Open
                && found.organisation.deletion.is_none()
                && found.invitation.admits(email)
        };
        found
            .filter(fits)
            .map(|found| found.organisation.id)
            .ok_or_else(not_invited)
    }

    async fn take_sign_up(
        &self,
        email: MailAddress,
        password: PasswordHash,
        invitation: Option<TokenHash>,
        from: Option<IpAddr>,
    ) -> Result<(), AppError> {
        let (identity, now) = (&self.ports().identity, self.now());
        let known = identity.find_user(email.as_str()).await?;
        let own = match &known {
            Some((user, _)) => self.is_own_network(user.id, from).await?,
            None => false,
        };
        if !self.accounts().may_write(&email, own, now) {
            tracing::debug!("a sign-up was not taken: its address got as many messages as it may");
            return Ok(());
        }
        let letter = if known.is_some() {
            Letter::AlreadyRegistered {
                server: self.accounts().settings().url.clone(),
            }
        } else {
            let token = self.ports().entropy.token();
            let sign_up = PendingSignUp {
                hash: TokenHash::of(&token),
                email: email.as_str().to_owned(),
                password,
                invitation,
                created_at: now,
                expires_at: now.after(SIGN_UP_LIFE),
            };
            identity.add_sign_up(sign_up).await?;
            Letter::VerifyEmail {
                link: self.accounts().link("/verify-email", Secret::new(token)),
            }
        };
        self.post_letter(email, letter);
        Ok(())
    }
}

pub(super) fn not_invited() -> AppError {
    closed("This invitation is for another address, was used or withdrawn, or is too old.")
        .field("invitation")
}

pub(super) fn closed(detail: &str) -> AppError {
    AppError::new(ProblemCode::SignUpClosed, detail)
}
