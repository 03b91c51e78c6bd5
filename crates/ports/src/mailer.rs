//! Messages to people.

use async_trait::async_trait;
use domain::mail::Message;

/// Why a message was not sent. Says nothing of what is in it.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Not now; the same message may be tried again.
    #[error("the mail server does not take messages now: {0}")]
    Unavailable(String),
    /// It will not be taken, however often it is tried.
    #[error("the mail server refuses the message: {0}")]
    Refused(String),
}

/// Sends messages, one at a time each. A message that was sent is in somebody else's hands: whether it arrives is not
/// known. The same message twice (same id) may arrive twice.
#[async_trait]
pub trait Mailer: Send + Sync {
    async fn send(&self, message: &Message) -> Result<(), MailError>;
}
