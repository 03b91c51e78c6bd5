//! Faults of the mailer.

use async_trait::async_trait;
use domain::mail::Message;
use ports::{Mailer, mailer::MailError};

use super::{Fault, strike};

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "send_unavailable",
        injects: "the mail server takes no messages now",
        outcome: "whoever asked gets the same answer; the message is tried again",
    },
    Fault {
        name: "send_refused",
        injects: "the mail server refuses this message for good",
        outcome: "whoever asked gets the same answer; it is not tried again, and the log says so without the content",
    },
];

super::decorator!("mailer", ports::Mailer);

#[async_trait]
impl Mailer for Faulty {
    async fn send(&self, message: &Message) -> Result<(), MailError> {
        strike!(
            self,
            "send_unavailable",
            MailError::Unavailable("injected".into())
        );
        strike!(self, "send_refused", MailError::Refused("injected".into()));
        self.inner.send(message).await
    }
}
