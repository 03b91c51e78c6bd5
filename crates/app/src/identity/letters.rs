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
/// Messages that are on their way to the mail server, those that wait for another try included. One more is not sent.
const MOST_UNDER_WAY: u32 = 2_048;
/// Messages that are handed over at the same time.
const AT_ONCE: usize = 4;
/// Seconds that a message waits after each try at which the mail server could not take it: a server that restarts, or
/// that takes nothing from strangers at their first try, is outlasted, and no link is older than it may be.
const WAITS: [u64; 6] = [5, 30, 120, 300, 900, 1_800];

/// Where letters are written, and where they wait. In memory: a restart loses what is under way, and people ask again.
#[derive(Debug)]
pub(crate) struct Desk {
    written: Arc<Semaphore>,
    under_way: Arc<Semaphore>,
    handed_over: Semaphore,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            written: Arc::new(Semaphore::new(MOST as usize)),
            under_way: Arc::new(Semaphore::new(MOST_UNDER_WAY as usize)),
            handed_over: Semaphore::new(AT_ONCE),
        }
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
        let place = Arc::clone(&self.accounts().desk.written)
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

    /// Waits until nothing is being written or under way, for a server that is about to stop, and for tests.
    pub async fn letters_written(&self) {
        let desk = &self.accounts().desk;
        // They are never closed. What is written is posted before it is done.
        let _ = desk.written.acquire_many(MOST).await;
        let _ = desk.under_way.acquire_many(MOST_UNDER_WAY).await;
    }

    /// Messages that the mail server has not taken yet.
    #[must_use]
    pub fn letters_under_way(&self) -> usize {
        (MOST_UNDER_WAY as usize).saturating_sub(self.accounts().desk.under_way.available_permits())
    }

    /// Posts a letter. Nobody waits for it: it goes when the mail server takes it, after several tries if need be.
    pub(crate) fn post_letter(&self, to: MailAddress, letter: Letter) {
        let kind = letter.kind();
        let Ok(place) = Arc::clone(&self.accounts().desk.under_way).try_acquire_owned() else {
            tracing::warn!(
                kind,
                "a message was not sent: {MOST_UNDER_WAY} others wait for the mail server"
            );
            return;
        };
        let message = Message {
            id: self.bits(),
            at: self.now(),
            to,
            letter,
        };
        let app = self.clone();
        tokio::spawn(async move {
            app.hand_over(&message).await;
            drop(place);
        });
    }

    async fn hand_over(&self, message: &Message) {
        let kind = message.letter.kind();
        let mut waits = WAITS.into_iter().map(Duration::from_secs);
        loop {
            let sent = {
                // It is never closed.
                let _turn = self.accounts().desk.handed_over.acquire().await;
                self.ports().mailer.send(message).await
            };
            match (sent, waits.next()) {
                (Ok(()), _) => {
                    tracing::debug!(kind, "a message was sent");
                    return;
                }
                (Err(error @ MailError::Unavailable(_)), Some(wait)) => {
                    tracing::info!(%error, kind, again_in_s = wait.as_secs(), "a message waits for the mail server");
                    tokio::time::sleep(wait).await;
                }
                (Err(error), _) => {
                    tracing::warn!(%error, kind, "a message was not sent");
                    return;
                }
            }
        }
    }

    /// Tells a user something about their account. A courtesy: nothing depends on it.
    pub(super) fn tell_user(&self, email: &str, letter: Letter) {
        if let Ok(to) = MailAddress::read(email) {
            self.post_letter(to, letter);
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
