//! An outbox in memory: a test reads what was written.

use std::sync::Mutex;

use async_trait::async_trait;
use domain::mail::{Letter, Message};
use ports::{Mailer, mailer::MailError};

use super::lock;

/// The fake of this port.
pub type Fake = Outbox;

/// Keeps every message.
#[derive(Debug, Default)]
pub struct Outbox(Mutex<Vec<Message>>);

impl Outbox {
    /// Everything so far, oldest first.
    pub fn all(&self) -> Vec<Message> {
        lock(&self.0).clone()
    }

    /// The newest message to an address.
    pub fn newest_to(&self, address: &str) -> Option<Letter> {
        let all = lock(&self.0);
        let newest = all.iter().rev().find(|message| message.to.as_str() == address);
        newest.map(|message| message.letter.clone())
    }
}

#[async_trait]
impl Mailer for Outbox {
    async fn send(&self, message: &Message) -> Result<(), MailError> {
        lock(&self.0).push(message.clone());
        Ok(())
    }
}
