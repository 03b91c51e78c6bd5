//! Sets the password of whoever is signed in.

use std::net::IpAddr;

use domain::sign_in::{LONGEST_PASSWORD, SHORTEST_PASSWORD, WeakPassword, check_password};
use ports::idempotency::Written;
use protocol::api::PasswordSet;
use secrecy::SecretString;

use super::{browser::Browser, endings::Ended};
use crate::{App, AppError, error::sentence};

impl App {
    /// One's own password alone. Who has one has to know it, or has to come from a link of just now; the user's other
    /// browsers are signed out.
    ///
    /// # Errors
    /// When the new password is weak, or the present one is missing or wrong.
    pub async fn set_password(
        &self,
        browser: &Browser,
        body: PasswordSet,
        from: Option<IpAddr>,
    ) -> Result<(), AppError> {
        let (user, session) = (&browser.identity.user, &browser.identity.session);
        let memberships = &browser.identity.memberships;
        let slugs: Vec<&str> = memberships
            .iter()
            .map(|membership| membership.organisation.slug.as_str())
            .collect();
        check_password(body.password.expose(), &user.email, &slugs).map_err(weak)?;
        let present = self.ports().identity.password_of(user.id).await?;
        if present.is_some() && !session.is_fresh_from_link(self.now()) {
            let Some(current) = &body.current_password else {
                return Err(AppError::invalid(
                    "current_password",
                    "`current_password` is needed to replace a password.",
                ));
            };
            if !self.guess(&user.email, from, current, present.as_ref()).await? {
                self.note_failed_sign_in(user, from);
                return Err(AppError::invalid(
                    "current_password",
                    "`current_password` is not the present password.",
                ));
            }
        }
        let password = SecretString::from(body.password.expose());
        let hash = self.ports().passwords.hash(&password).await?;
        self.note_own(browser, "password.set").await?;
        let keep = Some(session.hash);
        match self.ports().identity.set_password(user.id, hash, keep).await? {
            Written::Done => {
                self.tell_ended(Ended::OtherBrowsers {
                    user: user.id,
                    but: session.hash,
                });
                Ok(())
            }
            _ => Err(AppError::unauthenticated()),
        }
    }
}

pub(super) fn weak(why: WeakPassword) -> AppError {
    let error = AppError::invalid("password", sentence(&why.to_string()));
    match why {
        WeakPassword::Short => error.limit(SHORTEST_PASSWORD as u64),
        WeakPassword::Long => error.limit(LONGEST_PASSWORD as u64),
        WeakPassword::Email | WeakPassword::Organisation | WeakPassword::Common => error,
    }
}
