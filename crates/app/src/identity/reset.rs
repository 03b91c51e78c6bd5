//! Forgotten passwords: a message with a link, and the new password.

use std::net::IpAddr;

use domain::{
    mail::{Letter, MailAddress},
    sign_in::{RESET_LIFE, ResetLink, TokenHash, check_password},
};
use protocol::api::{MailPromised, PasswordReset, PasswordResetConfirm, Secret};
use secrecy::SecretString;

use super::{
    accounts::{address, expired},
    endings::Ended,
    set_password::weak,
};
use crate::{App, AppError};

impl App {
    /// Anybody may ask. The answer is given before anybody looks whether the address is known.
    ///
    /// # Errors
    /// For what is no address, or when too much was asked for.
    pub async fn ask_for_reset(
        &self,
        body: PasswordReset,
        from: Option<IpAddr>,
    ) -> Result<MailPromised, AppError> {
        let email = address(&body.email)?;
        self.accounts().ask(&email, from, self.now())?;
        let app = self.clone();
        self.behind_the_answer(
            "a password reset",
            async move { app.take_reset(email, from).await },
        )?;
        Ok(MailPromised {
            message: "If this address has an account here, a message with a link was sent to it.".to_owned(),
        })
    }

    async fn take_reset(&self, email: MailAddress, from: Option<IpAddr>) -> Result<(), AppError> {
        let (identity, now) = (&self.ports().identity, self.now());
        let Some((user, _)) = identity.find_user(email.as_str()).await? else {
            return Ok(());
        };
        let own = self.is_own_network(user.id, from).await?;
        if !self.accounts().may_write(&email, own, now) {
            tracing::debug!(user.id = %user.id, "a reset was not taken: its address got as many messages as it may");
            return Ok(());
        }
        let token = self.ports().entropy.token();
        let reset = ResetLink {
            hash: TokenHash::of(&token),
            user: user.id,
            expires_at: now.after(RESET_LIFE),
        };
        identity.add_reset(reset).await?;
        let link = self.accounts().link("/reset", Secret::new(token));
        self.post_letter(email, Letter::ResetPassword { link });
        Ok(())
    }

    /// Sets the new password and signs the user out everywhere. It signs nobody in: a second factor is still asked for.
    ///
    /// # Errors
    /// `link_expired` for used, outdated and unknown tokens; or that the password is weak, which uses up nothing.
    pub async fn reset_password(
        &self,
        body: PasswordResetConfirm,
        from: Option<IpAddr>,
    ) -> Result<(), AppError> {
        let (identity, now) = (&self.ports().identity, self.now());
        let hash = TokenHash::of(body.token.expose().trim());
        let reset = identity
            .find_reset(hash)
            .await?
            .filter(|reset| now < reset.expires_at)
            .ok_or_else(expired)?;
        let user = identity.lookup_user(reset.user).await?.ok_or_else(expired)?;
        let memberships = identity.list_memberships(user.id).await?;
        let slugs: Vec<&str> = memberships
            .iter()
            .map(|membership| membership.organisation.slug.as_str())
            .collect();
        check_password(body.password.expose(), &user.email, &slugs).map_err(weak)?;
        let password = SecretString::from(body.password.expose());
        let password = self.ports().passwords.hash(&password).await?;
        self.note_person(&user, &memberships, from, "password.reset")
            .await?;
        identity
            .redeem_reset(hash, password, now)
            .await?
            .ok_or_else(expired)?;
        self.tell_ended(Ended::Browsers(user.id));
        let server = self.accounts().settings().url.clone();
        self.tell_user(&user.email, Letter::PasswordChanged { server });
        Ok(())
    }
}
