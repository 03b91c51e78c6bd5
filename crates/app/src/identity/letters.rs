//! Letters are written behind the answer: who asks waits as long for an address that is known as for any other, and
//! learns from the answer nothing of what is done.

use std::{sync::Arc, time::Duration};

use domain::{
    mail::{Letter, MailAddress, Message},
    sign_in::network,
};
use ports::mailer::MailError;
use protocol::UserId;
use tokio::sync::Semaphore;

use crate::{App, AppError};

/// Pieces of work that are done behind an answer at the same time; more are refused, whatever they are about.
const MOST: u32 = 256;
/// How long a message waits after each try that a mail server could not take.
const WAITS: [Option<Duration>; 3] = [Some(Duration::from_secs(5)), Some(Duration::from_secs(60)), None];

/// Where letters are written.
#[derive(Debug)]
pub(crate) struct Desk(Arc<Semaphore>);

impl Default for Desk {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST as usize)))
    }
}

impl App {
    /// Does `work` behind the answer. What fails there is for the log alone.
    ///
    /// # Errors
    /// `unavailable` when there is too much of it already.
    pub(super) fn behind_the_answer<F>(&self, what: &'static str, work: F) -> Result<(), AppError>
    where
        F: Future<Output = Result<(), AppError>> + Send + 'static,
    {
        let place = Arc::clone(&self.accounts().desk.0)
            .try_acquire_owned()
            .map_err(|_| {
                AppError::unavailable("Too many messages are being written. Try again in a minute.")
            })?;
        tokio::spawn(async move {
            if let Err(error) = work.await {
                tracing::warn!(%error, cause = ?error.cause, what, "what was promised in an answer was not done");
            }
            drop(place);
        });
        Ok(())
    }

    /// Waits until nothing is being written, for a server that is about to stop, and for tests.
    pub async fn letters_written(&self) {
        // It is never closed.
        let _ = self.accounts().desk.0.acquire_many(MOST).await;
    }

    /// Sends a letter, more than once if the mail server does not take it now.
    pub(super) async fn write_letter(&self, to: MailAddress, letter: Letter) {
        let message = Message {
            id: self.bits(),
            at: self.now(),
            to,
            letter,
        };
        let kind = message.letter.kind();
        for wait in WAITS {
            match (self.ports().mailer.send(&message).await, wait) {
                (Ok(()), _) => {
                    tracing::debug!(kind, "a message was sent");
                    return;
                }
                (Err(error @ MailError::Unavailable(_)), Some(wait)) => {
                    tracing::debug!(%error, kind, "a message is tried again");
                    tokio::time::sleep(wait).await;
                }
                (Err(error), _) => {
                    tracing::warn!(%error, kind, "a message was not sent");
                    return;
                }
            }
        }
    }

    /// Tells a user something about their account, behind the answer. A courtesy: nothing depends on it.
    pub(super) fn tell_user(&self, email: &str, letter: Letter) {
        let Ok(to) = MailAddress::read(email) else { return };
        let app = self.clone();
        let told = self.behind_the_answer("a notice", async move {
            app.write_letter(to, letter).await;
            Ok(())
        });
        if let Err(error) = told {
            tracing::warn!(%error, "a notice about an account was not sent");
        }
    }

    /// Whether a user has signed in from this network before.
    pub(super) async fn is_own_network(
        &self,
        user: UserId,
        from: Option<std::net::IpAddr>,
    ) -> Result<bool, AppError> {
        if from.is_none() {
            return Ok(false);
        }
        let browsers = self.ports().identity.list_browser_sessions(user).await?;
        Ok(browsers.iter().any(|browser| {
            browser.device.address.is_some() && network(browser.device.address) == network(from)
        }))
    }
}
