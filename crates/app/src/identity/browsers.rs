//! The browsers in which somebody is signed in: to look at, and to sign out.

use protocol::{BrowserId, api::BrowserInfo};

use super::{browser::Browser, endings::Ended};
use crate::{App, AppError};

impl App {
    /// One's own browsers, the one used last first. Everybody may see their own; there is no policy to check.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn list_browsers(&self, browser: &Browser) -> Result<Vec<BrowserInfo>, AppError> {
        let now = self.now();
        let current = browser.identity.session.hash;
        let own = self
            .ports()
            .identity
            .list_browser_sessions(browser.identity.user.id)
            .await?;
        Ok(own
            .into_iter()
            .filter(|session| session.is_valid(now))
            .map(|session| BrowserInfo {
                id: session.id,
                created_at: session.created_at,
                last_seen_at: session.last_seen_at,
                device: session.device.family,
                address: session.device.address.map(|address| address.to_string()),
                by_link: session.by_link,
                current: session.hash == current,
            })
            .collect())
    }

    /// Signs one of one's own browsers out; what is open in its name ends at once.
    ///
    /// # Errors
    /// `not_found` for unknown ones and those of others alike.
    pub async fn end_browser_by_id(&self, browser: &Browser, id: BrowserId) -> Result<(), AppError> {
        self.note_own(browser, "browser.end").await?;
        let user = browser.identity.user.id;
        let ended = self.ports().identity.end_own_browser_session(user, id).await?;
        let hash = ended.ok_or_else(|| AppError::not_found("browser session"))?;
        self.tell_ended(Ended::Browser(hash));
        Ok(())
    }

    /// Signs all of one's own browsers out, this one only if asked.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sign_out_everywhere(&self, browser: &Browser, this_too: bool) -> Result<(), AppError> {
        self.note_own(browser, "browser.end_all").await?;
        let (user, this) = (browser.identity.user.id, browser.identity.session.hash);
        let keep = (!this_too).then_some(this);
        self.ports().identity.end_browser_sessions(user, keep).await?;
        self.tell_ended(if this_too {
            Ended::Browsers(user)
        } else {
            Ended::OtherBrowsers { user, but: this }
        });
        Ok(())
    }
}
