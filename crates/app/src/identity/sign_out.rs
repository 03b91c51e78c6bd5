//! Signs a browser out.

use std::net::IpAddr;

use domain::sign_in::TokenHash;

use super::{browser::Browser, endings::Ended};
use crate::{App, AppError};

impl App {
    /// The browser session is gone, and what is open in its name ends. Everybody may leave.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sign_out(&self, browser: &Browser, from: Option<IpAddr>) -> Result<(), AppError> {
        let identity = &browser.identity;
        self.end_browser(identity.session.hash).await?;
        self.note_departure(&identity.user, &identity.memberships, from)
            .await;
        Ok(())
    }

    /// Ends the session of a browser that got another one instead. Unknown tokens are none.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn leave_browser(&self, token: &str) -> Result<(), AppError> {
        self.end_browser(TokenHash::of(token)).await
    }

    async fn end_browser(&self, hash: TokenHash) -> Result<(), AppError> {
        self.ports().identity.end_browser_session(hash).await?;
        self.tell_ended(Ended::Browser(hash));
        Ok(())
    }
}
