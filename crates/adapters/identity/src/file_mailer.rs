//! The mailer of a server that has no mail server: each message becomes a file that the operator can read, pass on, or
//! open in a mail program.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use domain::mail::{MailAddress, Message};
use ports::{Mailer, mailer::MailError};

use crate::eml;

/// Writes messages into a directory, one file each, for its owner's eyes alone.
#[derive(Debug)]
pub struct FileMailer {
    directory: PathBuf,
    from: MailAddress,
}

impl FileMailer {
    /// The directory is made with the first message.
    #[must_use]
    pub fn new(directory: PathBuf, from: MailAddress) -> Self {
        Self { directory, from }
    }
}

#[async_trait]
impl Mailer for FileMailer {
    async fn send(&self, message: &Message) -> Result<(), MailError> {
        // Named by time and number: in order, and never in each other's way.
        let name = format!("{:013}-{:032x}.eml", message.at.as_ms(), message.id);
        let path = self.directory.join(name);
        let (directory, bytes) = (self.directory.clone(), eml::write(&self.from, message));
        let written = path.clone();
        tokio::task::spawn_blocking(move || keep(&directory, &written, &bytes))
            .await
            .map_err(|error| MailError::Unavailable(error.to_string()))?
            .map_err(|error| MailError::Unavailable(error.to_string()))?;
        tracing::info!(kind = message.letter.kind(), file = %path.display(), "a message was written");
        Ok(())
    }
}

/// Written beside and renamed: a file is a whole message. One that is written again takes its place.
fn keep(directory: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let part = path.with_extension("part");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&part, path)
}
